import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyUnanchoredRegexProxy, unanchoredRegex } from "./unanchored-regex-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["neither", "server {\n listen 80;\n location ~ \\.php {\n }\n}", ["unanchored-regex:3 note"]],
  ["an end", "server {\n listen 80;\n location ~ \\.php$ {\n }\n}", []],
  ["a beginning", "server {\n listen 80;\n location ~ ^/a/ {\n }\n}", []],
  ["both, in quotes", 'server {\n listen 80;\n location ~ "^/y/[0-9]{4}/$" {\n }\n}', []],
  ["an end within a group", "server {\n listen 80;\n location ~ \\.php(/|$) {\n }\n}", []],
  ["a denial", "server {\n listen 80;\n location ~ /\\.ht {\n  deny all;\n }\n}", []],
  [
    "an escaped dollar",
    "server {\n listen 80;\n location ~ a\\$b {\n }\n}",
    ["unanchored-regex:3 note"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`unanchored-regex: ${name}`, () =>
    assert.deepEqual(found([unanchoredRegex], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["an end", "server {\n listen 80;\n location ~ a$ {\n }\n}", "pass"],
  ["neither", "server {\n listen 80;\n location ~ a {\n }\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.unanchored-regex: ${name} is ${status}`, () => {
    assert.equal(
      proxyUnanchoredRegexProxy.evaluate({}, nginxWanted(text, {}, { isPedantic: true })).status,
      status,
    );
  });
}
