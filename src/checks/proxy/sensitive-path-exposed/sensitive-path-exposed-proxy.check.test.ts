import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxySensitivePathExposedProxy,
  sensitivePathExposed,
} from "./sensitive-path-exposed-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a directory of backups",
    "server {\n listen 80;\n location /backups/ {\n  alias /var/backups/app/;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "by the location alone",
    "server {\n listen 80;\n root /srv/www;\n location /backup/ {\n  autoindex on;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "by the directory alone",
    "server {\n listen 80;\n location /files/ {\n  alias /var/log/nginx/;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "logs of the application",
    "server {\n listen 80;\n location /l/ {\n  alias /srv/app/logs/;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "a repository",
    "server {\n listen 80;\n location /src/ {\n  alias /srv/app/.git/;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "a dump",
    "server {\n listen 80;\n location = /d {\n  alias /srv/app/db.sql.gz;\n }\n}",
    ["sensitive-path-exposed:4 fail"],
  ],
  [
    "denied",
    "server {\n listen 80;\n location /backups/ {\n  alias /var/backups/;\n  deny all;\n }\n}",
    [],
  ],
  [
    "internal",
    "server {\n listen 80;\n location /private/ {\n  internal;\n  alias /srv/private/;\n }\n}",
    [],
  ],
  [
    "a password",
    "server {\n listen 443 ssl;\n location /backups/ {\n  alias /var/backups/;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "a signed link",
    'server {\n listen 80;\n location /private/ {\n  alias /srv/private/;\n  secure_link $arg_md5;\n  if ($secure_link = "") { return 403; }\n }\n}',
    [],
  ],
  [
    "handed on",
    "server {\n listen 80;\n location /backups/ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "not found",
    "server {\n listen 80;\n root /srv/www;\n location /backups/ {\n  return 404;\n }\n}",
    [],
  ],
  [
    "names that are alike",
    "server {\n listen 80;\n root /srv/www;\n location /blog/ { }\n location /backup-guide/ { }\n location /private-beta/ { }\n}",
    [],
  ],
  [
    "a site below a private directory",
    "server {\n listen 80;\n location /s/ {\n  alias /srv/private/site/static/;\n }\n}",
    [],
  ],
  [
    "on loopback",
    "server {\n listen 127.0.0.1:80;\n location /backups/ {\n  alias /var/backups/;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`sensitive-path-exposed: ${name}`, () =>
    assert.deepEqual(found([sensitivePathExposed], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["none", "server {\n listen 80;\n location /static/ { alias /srv/static/; }\n}", "pass"],
  ["one", "server {\n listen 80;\n location /backups/ { alias /var/backups/; }\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.sensitive-path-exposed: ${name} is ${status}`, () => {
    assert.equal(proxySensitivePathExposedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
