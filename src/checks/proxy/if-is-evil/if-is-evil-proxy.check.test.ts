import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { ifIsEvil, proxyIfIsEvilProxy } from "./if-is-evil-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "proxy_pass",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   proxy_pass http://b;\n  }\n }\n}",
    ["if-is-evil:4 warn"],
  ],
  [
    "return",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   return 403;\n  }\n }\n}",
    [],
  ],
  [
    "a header and return",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   add_header X y;\n   return 204;\n  }\n }\n}",
    [],
  ],
  [
    "a header alone",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   add_header X y;\n  }\n }\n}",
    ["if-is-evil:4 warn"],
  ],
  [
    "rewrite with last",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   rewrite ^ /x last;\n  }\n }\n}",
    [],
  ],
  [
    "rewrite that redirects",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   rewrite ^ /x permanent;\n  }\n }\n}",
    [],
  ],
  [
    "rewrite with break",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   rewrite ^ /x break;\n  }\n }\n}",
    ["if-is-evil:4 warn"],
  ],
  [
    "set and break",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   set $a 1;\n   break;\n  }\n }\n}",
    [],
  ],
  [
    "set and a log",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   set $a 1;\n   access_log off;\n  }\n }\n}",
    ["if-is-evil:4 warn"],
  ],
  ["in a server", "server {\n listen 80;\n if ($http_x) {\n  rewrite ^ /x break;\n }\n}", []],
  ["nothing", "server {\n listen 80;\n location / {\n  if ($http_x) {\n   \n  }\n }\n}", []],
  [
    "in a nested location",
    "server {\n listen 80;\n location / {\n location /a/ {\n  if ($http_x) {\n   root /b;\n  }\n }\n }\n}",
    ["if-is-evil:5 warn"],
  ],
  [
    "behind a return",
    "server {\n listen 80;\n location / {\n  return 404;\n  if ($http_x) {\n   root /b;\n  }\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`if-is-evil: ${name}`, () => assert.deepEqual(found([ifIsEvil], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "return",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   return 403;\n  }\n }\n}",
    "pass",
  ],
  [
    "root",
    "server {\n listen 80;\n location / {\n  if ($http_x) {\n   root /b;\n  }\n }\n}",
    "warn",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.if-is-evil: ${name} is ${status}`, () => {
    assert.equal(proxyIfIsEvilProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
