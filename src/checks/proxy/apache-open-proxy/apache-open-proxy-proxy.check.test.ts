import assert from "node:assert/strict";
import { test } from "node:test";

import { apacheWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyApacheOpenProxyProxy } from "./apache-open-proxy-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["off", "Listen 80\nProxyRequests Off", "pass"],
  ["on", "Listen 80\nProxyRequests On", "fail"],
];

for (const [name, text, status] of cases) {
  test(`proxy.apache-open-proxy: ${name} is ${status}`, async () => {
    assert.equal(proxyApacheOpenProxyProxy.evaluate({}, await apacheWanted(text)).status, status);
  });
}

test("proxy.apache-open-proxy: another proxy is not its subject", async () => {
  assert.equal(
    proxyApacheOpenProxyProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
