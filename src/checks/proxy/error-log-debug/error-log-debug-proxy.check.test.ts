import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { errorLogDebug, proxyErrorLogDebugProxy } from "./error-log-debug-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["debug", "server {\n listen 80;\n error_log /a.log debug;\n}", ["error-log-debug:3 note"]],
  ["warn", "server {\n listen 80;\n error_log /a.log warn;\n}", []],
  ["no level", "server {\n listen 80;\n error_log /var/log/debug;\n}", []],
  ["at the top", "error_log /a debug;\nhttp { server { listen 80; } }", ["error-log-debug:1 note"]],
  [
    "in http and a location",
    "http {\n error_log /a debug_http;\n server {\n  listen 80;\n  location / {\n   error_log /b debug;\n  }\n }\n}",
    ["error-log-debug:2 note", "error-log-debug:6 note"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`error-log-debug: ${name}`, () => assert.deepEqual(found([errorLogDebug], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["warn", "server {\n listen 80;\n error_log /a warn;\n}", "pass"],
  ["debug", "server {\n listen 80;\n error_log /a debug;\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.error-log-debug: ${name} is ${status}`, () => {
    assert.equal(proxyErrorLogDebugProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
