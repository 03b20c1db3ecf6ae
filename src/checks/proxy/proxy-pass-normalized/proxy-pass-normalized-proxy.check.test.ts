import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyPassNormalized,
  proxyProxyPassNormalizedProxy,
} from "./proxy-pass-normalized-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a path",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://127.0.0.1:8000/v1/;\n }\n}",
    ["proxy-pass-normalized:4 note"],
  ],
  [
    "the root",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://127.0.0.1:8000/;\n }\n}",
    ["proxy-pass-normalized:4 note"],
  ],
  [
    "no path",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://127.0.0.1:8000;\n }\n}",
    [],
  ],
  [
    "variables",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://127.0.0.1:8000/v1$request_uri;\n }\n}",
    [],
  ],
  [
    "an exact location",
    "server {\n listen 80;\n location = /api {\n  proxy_pass http://127.0.0.1:8000/v1;\n }\n}",
    [],
  ],
  [
    "a unix socket",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://unix:/run/a.sock;\n }\n}",
    [],
  ],
  [
    "a unix socket with a path",
    "server {\n listen 80;\n location /api/ {\n  proxy_pass http://unix:/run/a.sock:/v1/;\n }\n}",
    ["proxy-pass-normalized:4 note"],
  ],
  ["stream", "stream {\n server {\n  listen 1;\n  proxy_pass 10.0.0.1:2;\n }\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`proxy-pass-normalized: ${name}`, () =>
    assert.deepEqual(found([proxyPassNormalized], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["no path", "server {\n listen 80;\n location / {\n  proxy_pass http://a;\n }\n}", "pass"],
  ["a path", "server {\n listen 80;\n location / {\n  proxy_pass http://a/;\n }\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.proxy-pass-normalized: ${name} is ${status}`, () => {
    assert.equal(proxyProxyPassNormalizedProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
