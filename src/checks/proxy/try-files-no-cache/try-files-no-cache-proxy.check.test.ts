import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { proxyTryFilesNoCacheProxy, tryFilesNoCache } from "./try-files-no-cache-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["off", "server {\n listen 80;\n try_files $uri =404;\n}", ["try-files-no-cache:3 note"]],
  [
    "on",
    "server {\n listen 80;\n open_file_cache max=10;\n location / {\n  try_files $uri =404;\n }\n}",
    [],
  ],
  [
    "switched off further in",
    "server {\n listen 80;\n open_file_cache max=10;\n location / {\n  open_file_cache off;\n  try_files $uri =404;\n }\n}",
    ["try-files-no-cache:6 note"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`try-files-no-cache: ${name}`, () =>
    assert.deepEqual(found([tryFilesNoCache], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["on", "server {\n listen 80;\n open_file_cache max=1;\n try_files $uri =404;\n}", "pass"],
  ["off", "server {\n listen 80;\n try_files $uri =404;\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.try-files-no-cache: ${name} is ${status}`, () => {
    assert.equal(
      proxyTryFilesNoCacheProxy.evaluate({}, nginxWanted(text, {}, { isPedantic: true })).status,
      status,
    );
  });
}
