import assert from "node:assert/strict";
import { test } from "node:test";

import { apacheWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyApacheTraceProxy } from "./apache-trace-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["off", "Listen 80\nTraceEnable Off", "pass"],
  ["not said", "Listen 80", "pass"],
  ["on", "Listen 80\nTraceEnable On", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.apache-trace: ${name} is ${status}`, async () => {
    assert.equal(proxyApacheTraceProxy.evaluate({}, await apacheWanted(text)).status, status);
  });
}

test("proxy.apache-trace: another proxy is not its subject", async () => {
  assert.equal(
    proxyApacheTraceProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
