import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { davWriteOpen, proxyDavWriteOpenProxy } from "./dav-write-open-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "open",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n }\n}",
    ["dav-write-open:5 fail"],
  ],
  ["off", "server {\n listen 80;\n dav_methods off;\n}", []],
  [
    "a password",
    "server {\n listen 443 ssl;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  auth_basic x;\n }\n}",
    [],
  ],
  [
    "addresses",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  allow 10.0.0.0/8;\n  deny all;\n }\n}",
    [],
  ],
  [
    "limit_except with deny",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  limit_except GET {\n   deny all;\n  }\n }\n}",
    [],
  ],
  [
    "limit_except with a password",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  limit_except GET {\n   auth_basic x;\n  }\n }\n}",
    [],
  ],
  [
    "limit_except that names a writing method",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  limit_except GET PUT {\n   deny all;\n  }\n }\n}",
    ["dav-write-open:5 fail"],
  ],
  [
    "limit_except without effect",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  limit_except GET {\n   allow 10.0.0.0/8;\n  }\n }\n}",
    ["dav-write-open:5 fail"],
  ],
  [
    "an if on the method",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n  if ($request_method !~ ^(GET|HEAD)$) { return 403; }\n }\n}",
    [],
  ],
  [
    "handed on",
    "server {\n listen 80;\n dav_methods PUT;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "inherited from the server",
    "server {\n listen 80;\n dav_methods PUT;\n location / { }\n location /a/ { }\n}",
    ["dav-write-open:3 fail"],
  ],
  [
    "on loopback",
    "server {\n listen 127.0.0.1:80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n }\n}",
    [],
  ],
  [
    "a certificate",
    "server {\n listen 443 ssl;\n ssl_verify_client on;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`dav-write-open: ${name}`, () => assert.deepEqual(found([davWriteOpen], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["off", "server {\n listen 80;\n root /srv/www;\n}", "pass"],
  [
    "on",
    "server {\n listen 80;\n location /up/ {\n  root /srv/dav;\n  dav_methods PUT DELETE;\n }\n}",
    "fail",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.dav-write-open: ${name} is ${status}`, () => {
    assert.equal(proxyDavWriteOpenProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
