import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyRootDangerousProxy, rootDangerous } from "./root-dangerous-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "/etc/nginx",
    "server {\n listen 80;\n root /etc/nginx;\n location /hello {\n  try_files $uri =404;\n }\n}",
    ["root-dangerous:3 fail"],
  ],
  ["/", "server {\n listen 80;\n root /;\n}", ["root-dangerous:3 fail"]],
  ["/ for one directory", "server {\n listen 80;\n location /srv/files/ {\n  root /;\n }\n}", []],
  [
    "/ for one directory of the system",
    "server {\n listen 80;\n location /etc/ {\n  root /;\n }\n}",
    ["root-dangerous:4 fail"],
  ],
  ["a site", "server {\n listen 80;\n root /var/www/site;\n}", []],
  [
    "below /srv, /opt and a home",
    "server {\n listen 80;\n root /srv;\n location /a/ { alias /opt/app/static/; }\n location /b/ { alias /home/app/site/public/; }\n}",
    [],
  ],
  [
    "a home",
    "server {\n listen 80;\n location / {\n  root /home/deploy/;\n }\n}",
    ["root-dangerous:4 fail"],
  ],
  [
    "an alias",
    "server {\n listen 80;\n location /conf/ {\n  alias /etc/;\n }\n}",
    ["root-dangerous:4 fail"],
  ],
  [
    "one file by alias",
    "server {\n listen 80;\n location = /hosts {\n  alias /etc/hosts;\n }\n}",
    [],
  ],
  ["nginx's own pages in /etc", "server {\n listen 80;\n root /etc/nginx/html;\n}", []],
  [
    "everything is handed on",
    "server {\n listen 80;\n root /etc/nginx;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "internal, for X-Accel-Redirect",
    "server {\n listen 80;\n location /protected/ {\n  internal;\n  alias /;\n }\n}",
    [],
  ],
  ["on loopback", "server {\n listen 127.0.0.1:80;\n root /;\n}", []],
  [
    "the server redirects",
    "server {\n listen 80;\n root /etc;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  ["a relative one", "server {\n listen 80;\n root html;\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`root-dangerous: ${name}`, () => assert.deepEqual(found([rootDangerous], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["a site", "server {\n listen 80;\n root /var/www/site;\n}", "pass"],
  ["the system", "server {\n listen 80;\n root /etc;\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.root-dangerous: ${name} is ${status}`, () => {
    assert.equal(proxyRootDangerousProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
