import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { allowWithoutDeny, proxyAllowWithoutDenyProxy } from "./allow-without-deny-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "an allow alone",
    "server {\n listen 80;\n location /admin/ {\n  proxy_pass http://127.0.0.1:8000;\n  allow 10.0.0.0/8;\n }\n}",
    ["allow-without-deny:5 fail"],
  ],
  [
    "one with deny all",
    "server {\n listen 80;\n location /admin/ {\n  allow 10.0.0.0/8;\n  deny all;\n }\n}",
    [],
  ],
  [
    "the inherited deny is replaced",
    "server {\n listen 80;\n deny all;\n location / {\n  allow 10.0.0.0/8;\n }\n}",
    ["allow-without-deny:5 fail"],
  ],
  [
    "the inherited list as a whole",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n location / {\n  root /srv/www;\n }\n}",
    [],
  ],
  [
    "deny one, allow all",
    "server {\n listen 80;\n location / {\n  deny 203.0.113.9;\n  allow all;\n }\n}",
    [],
  ],
  [
    "an exception before a deny of more",
    "server {\n listen 80;\n location / {\n  allow 203.0.113.9;\n  deny 203.0.113.0/24;\n }\n}",
    [],
  ],
  [
    "deny one, then allow some",
    "server {\n listen 80;\n location / {\n  deny 10.0.0.9;\n  allow 10.0.0.0/8;\n }\n}",
    ["allow-without-deny:5 fail"],
  ],
  [
    "several allows are one finding",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n allow 192.168.0.0/16;\n}",
    ["allow-without-deny:3 fail"],
  ],
  [
    "addresses instead of a password",
    "server {\n listen 80;\n satisfy any;\n allow 10.0.0.0/8;\n auth_basic x;\n auth_basic_user_file f;\n}",
    [],
  ],
  [
    "addresses and a password",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n auth_basic x;\n auth_basic_user_file f;\n}",
    ["allow-without-deny:3 fail"],
  ],
  [
    "every place has a list of its own",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n location / {\n  allow 10.0.0.0/8;\n  deny all;\n }\n}",
    [],
  ],
  [
    "for other methods alone",
    "server {\n listen 80;\n location / {\n  limit_except GET {\n   allow 10.0.0.0/8;\n  }\n }\n}",
    ["allow-without-deny:5 fail"],
  ],
  [
    "deny all, then an allow that nobody gets to",
    "server {\n listen 80;\n deny all;\n allow 10.0.0.0/8;\n}",
    [],
  ],
  ["on loopback", "server {\n listen 127.0.0.1:80;\n allow 127.0.0.1;\n}", []],
  [
    "behind a return there is nothing to guard",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n return 301 https://$host$request_uri;\n}",
    [],
  ],
  [
    "in http, for two servers",
    "http {\n allow 10.0.0.0/8;\n server { listen 80; server_name a; }\n server { listen 81; server_name b; }\n}",
    ["allow-without-deny:2 fail"],
  ],
  [
    "in stream",
    "stream {\n server {\n  listen 5432;\n  allow 10.0.0.0/8;\n  proxy_pass 10.0.0.1:5432;\n }\n}",
    ["allow-without-deny:4 fail"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`allow-without-deny: ${name}`, () =>
    assert.deepEqual(found([allowWithoutDeny], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "a list that ends in deny all",
    "server {\n listen 80;\n allow 10.0.0.0/8;\n deny all;\n}",
    "pass",
  ],
  ["one that does not", "server {\n listen 80;\n allow 10.0.0.0/8;\n}", "fail"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.allow-without-deny: ${name} is ${status}`, () => {
    assert.equal(proxyAllowWithoutDenyProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
