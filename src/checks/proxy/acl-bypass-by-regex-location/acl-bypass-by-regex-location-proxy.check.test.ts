import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  aclBypassByRegexLocation,
  proxyAclBypassByRegexLocationProxy,
} from "./acl-bypass-by-regex-location-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a pattern for text files",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  allow 10.0.0.0/8;\n  deny all;\n }\n location ~ \\.txt$ {\n  expires 1h;\n }\n}",
    ["acl-bypass-by-regex-location:8 fail"],
  ],
  [
    "^~ keeps patterns out",
    "server {\n listen 80;\n root /srv/www;\n location ^~ /admin/ {\n  deny all;\n }\n location ~ \\.txt$ { }\n}",
    [],
  ],
  [
    "the pattern denies as well",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ /\\. {\n  deny all;\n }\n}",
    [],
  ],
  [
    "scripts of the same root",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  auth_basic x;\n }\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    ["acl-bypass-by-regex-location:7 fail"],
  ],
  [
    "files beside a guarded application",
    "server {\n listen 80;\n location /admin/ {\n  deny all;\n  proxy_pass http://127.0.0.1:8000;\n }\n location ~ \\.css$ {\n  root /srv/www;\n }\n}",
    [],
  ],
  [
    "the same application",
    "server {\n listen 80;\n location /admin/ {\n  deny all;\n  proxy_pass http://127.0.0.1:8000;\n }\n location ~ \\.css$ {\n  proxy_pass http://127.0.0.1:8000;\n  expires 1h;\n }\n}",
    ["acl-bypass-by-regex-location:7 fail"],
  ],
  [
    "a pattern for other paths",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ ^/static/.*\\.css$ { }\n}",
    [],
  ],
  [
    "an anchored pattern that reaches in",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ ^/.*\\.php$ { }\n}",
    ["acl-bypass-by-regex-location:7 fail"],
  ],
  [
    "a lookahead that leaves it out",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ ^/(?!admin/).*\\.php$ { }\n}",
    [],
  ],
  [
    "nested in the guarded location",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n  location ~ \\.txt$ { }\n }\n}",
    [],
  ],
  [
    "an earlier pattern denies",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ ^/admin/ {\n  deny all;\n }\n location ~ \\.txt$ { }\n}",
    [],
  ],
  [
    "rules of the whole server",
    "server {\n listen 80;\n root /srv/www;\n allow 10.0.0.0/8;\n deny all;\n location /admin/ { }\n location ~ \\.txt$ { }\n}",
    [],
  ],
  [
    "an alias is another directory",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n  alias /srv/admin/;\n }\n location ~ \\.txt$ { }\n}",
    [],
  ],
  [
    "internal",
    "server {\n listen 80;\n root /srv/www;\n location /files/ {\n  internal;\n }\n location ~ \\.txt$ { }\n}",
    ["acl-bypass-by-regex-location:7 fail"],
  ],
  [
    "on loopback alone",
    "server {\n listen 127.0.0.1:80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ \\.txt$ { }\n}",
    [],
  ],
  [
    "the pattern answers without content",
    "server {\n listen 80;\n root /srv/www;\n location /admin/ {\n  deny all;\n }\n location ~ \\.txt$ {\n  return 404;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`acl-bypass-by-regex-location: ${name}`, () =>
    assert.deepEqual(found([aclBypassByRegexLocation], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["no pattern", "server {\n listen 80;\n location /admin/ { deny all; }\n}", "pass"],
  [
    "a pattern nobody can evaluate",
    "server {\n listen 80;\n root /srv/www;\n location /a/ { deny all; } location ~ (?R)?x { }\n}",
    "unknown",
  ],
  [
    "a pattern nobody can evaluate that leads elsewhere",
    "server {\n listen 80;\n root /srv/www;\n location /a/ { deny all; } location ~ (?R)?x { proxy_pass http://127.0.0.1:8000; }\n}",
    "pass",
  ],
  [
    "a pattern",
    "server {\n listen 80;\n root /srv/www;\n location /a/ { deny all; } location ~ x { }\n}",
    "fail",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.acl-bypass-by-regex-location: ${name} is ${status}`, () => {
    assert.equal(proxyAclBypassByRegexLocationProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
