import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { errorLogOff, proxyErrorLogOffProxy } from "./error-log-off-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["/dev/null", "server {\n listen 80;\n error_log /dev/null crit;\n}", ["error-log-off:3 warn"]],
  ["off", "server {\n listen 80;\n error_log off;\n}", ["error-log-off:3 warn"]],
  ["a file", "server {\n listen 80;\n error_log /var/log/nginx/a.log;\n}", []],
  ["none", "server {\n listen 80;\n\n}", []],
  [
    "a file beside it",
    "server {\n listen 80;\n error_log /dev/null;\n error_log /var/log/a.log;\n}",
    [],
  ],
  [
    "at the top, for all",
    "error_log /dev/null;\nhttp {\n server { listen 80; server_name a; }\n server { listen 80; server_name b; }\n}",
    ["error-log-off:1 warn"],
  ],
  [
    "at the top, replaced in http",
    "error_log /dev/null;\nhttp {\n error_log /var/log/a.log;\n server { listen 80; }\n}",
    [],
  ],
  [
    "in a single location",
    "server {\n listen 80;\n location = /favicon.ico {\n  error_log /dev/null;\n }\n}",
    [],
  ],
  [
    "in the location for all",
    "server {\n listen 80;\n location / {\n  error_log /dev/null;\n }\n}",
    ["error-log-off:4 warn"],
  ],
  ["to standard error", "server {\n listen 80;\n error_log stderr;\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`error-log-off: ${name}`, () => assert.deepEqual(found([errorLogOff], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["a file", "server {\n listen 80;\n error_log /var/log/a.log;\n}", "pass"],
  ["/dev/null", "server {\n listen 80;\n error_log /dev/null;\n}", "warn"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.error-log-off: ${name} is ${status}`, () => {
    assert.equal(proxyErrorLogOffProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
