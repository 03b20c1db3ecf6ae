import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyHaproxyInvalidRequestsProxy } from "./haproxy-invalid-requests-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["refused", "frontend a\n bind :80", "pass"],
  ["let through", "frontend a\n bind :80\n option accept-invalid-http-request", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.haproxy-invalid-requests: ${name} is ${status}`, async () => {
    assert.equal(proxyHaproxyInvalidRequestsProxy.evaluate({}, haproxyWanted(text)).status, status);
  });
}

test("proxy.haproxy-invalid-requests: another proxy is not its subject", async () => {
  assert.equal(
    proxyHaproxyInvalidRequestsProxy.evaluate({}, await caddyWanted("a.test {\n}")).status,
    "skip",
  );
});
