import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { autoindex, proxyAutoindexProxy } from "./autoindex-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "on for the whole server",
    "server {\n listen 80;\n root /srv/www;\n autoindex on;\n}",
    ["autoindex:4 warn"],
  ],
  ["off", "server {\n listen 80;\n root /srv/www;\n autoindex off;\n}", []],
  [
    "behind a password",
    "server {\n listen 80;\n location /files/ {\n  alias /srv/files/;\n  autoindex on;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "behind addresses",
    "server {\n listen 80;\n location /files/ {\n  autoindex on;\n  allow 10.0.0.0/8;\n  deny all;\n }\n}",
    [],
  ],
  [
    "an allow that keeps nobody out",
    "server {\n listen 80;\n location /files/ {\n  autoindex on;\n  allow 10.0.0.0/8;\n }\n}",
    ["autoindex:4 warn"],
  ],
  [
    "everything is handed on",
    "server {\n listen 80;\n autoindex on;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "all but one directory is",
    "server {\n listen 80;\n autoindex on;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n location /static/ {\n  alias /srv/static/;\n }\n}",
    ["autoindex:3 warn"],
  ],
  [
    "try_files without directories",
    "server {\n listen 80;\n autoindex on;\n location / {\n  try_files $uri =404;\n }\n}",
    [],
  ],
  [
    "try_files with them",
    "server {\n listen 80;\n autoindex on;\n location / {\n  try_files $uri $uri/ =404;\n }\n}",
    ["autoindex:3 warn"],
  ],
  ["one file", "server {\n listen 80;\n location = /a.txt {\n  autoindex on;\n }\n}", []],
  [
    "a pattern of files",
    "server {\n listen 80;\n location ~ \\.(css|js)$ {\n  autoindex on;\n }\n}",
    [],
  ],
  [
    "a pattern of directories",
    "server {\n listen 80;\n location ~ ^/files(/.*)?$ {\n  autoindex on;\n }\n}",
    ["autoindex:4 warn"],
  ],
  [
    "internal",
    "server {\n listen 80;\n location /files/ {\n  internal;\n  autoindex on;\n }\n}",
    [],
  ],
  [
    "switched off within",
    "server {\n listen 80;\n autoindex on;\n location / {\n  autoindex off;\n }\n}",
    [],
  ],
  ["on loopback alone", "server {\n listen 127.0.0.1:80;\n autoindex on;\n}", []],
  [
    "in http, for two servers",
    "http {\n autoindex on;\n server { listen 80; server_name a; }\n server { listen 80; server_name b; }\n}",
    ["autoindex:2 warn"],
  ],
  [
    "the server redirects",
    "server {\n listen 80;\n autoindex on;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`autoindex: ${name}`, () => assert.deepEqual(found([autoindex], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["off", "server {\n listen 80;\n root /srv/www;\n}", "pass"],
  ["on", "server {\n listen 80;\n autoindex on;\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.autoindex: ${name} is ${status}`, () => {
    assert.equal(proxyAutoindexProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
