import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  keepaliveRequestsLow,
  proxyKeepaliveRequestsLowProxy,
} from "./keepalive-requests-low-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["few", "server {\n listen 80;\n keepalive_requests 100;\n}", ["keepalive-requests-low:3 note"]],
  [
    "one fewer than the default",
    "server {\n listen 80;\n keepalive_requests 999;\n}",
    ["keepalive-requests-low:3 note"],
  ],
  ["the default", "server {\n listen 80;\n keepalive_requests 1000;\n}", []],
  [
    "in http",
    "http {\n keepalive_requests 5;\n server { listen 80; }\n}",
    ["keepalive-requests-low:2 note"],
  ],
  ["not set", "server {\n listen 80;\n\n}", []],
];

for (const [name, text, expected] of cases) {
  test(`keepalive-requests-low: ${name}`, () =>
    assert.deepEqual(found([keepaliveRequestsLow], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["not set", "server {\n listen 80;\n\n}", "pass"],
  ["few", "server {\n listen 80;\n keepalive_requests 5;\n}", "pass"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.keepalive-requests-low: ${name} is ${status}`, () => {
    assert.equal(
      proxyKeepaliveRequestsLowProxy.evaluate({}, nginxWanted(text, {}, { isPedantic: true }))
        .status,
      status,
    );
  });
}
