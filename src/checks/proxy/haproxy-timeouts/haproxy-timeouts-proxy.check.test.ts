import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyHaproxyTimeoutsProxy } from "./haproxy-timeouts-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["all", "defaults\n timeout client 1s\n timeout http-request 1s\nfrontend a\n bind :80", "pass"],
  ["none", "frontend a\n bind :80", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.haproxy-timeouts: ${name} is ${status}`, async () => {
    assert.equal(proxyHaproxyTimeoutsProxy.evaluate({}, haproxyWanted(text)).status, status);
  });
}

test("proxy.haproxy-timeouts: another proxy is not its subject", async () => {
  assert.equal(
    proxyHaproxyTimeoutsProxy.evaluate({}, await caddyWanted("a.test {\n}")).status,
    "skip",
  );
});
