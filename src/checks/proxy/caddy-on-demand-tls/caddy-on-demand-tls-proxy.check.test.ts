import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyCaddyOnDemandTlsProxy } from "./caddy-on-demand-tls-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["none", "a.test {\n}", "pass"],
  ["for everybody", "https:// {\n tls {\n  on_demand\n }\n}", "fail"],
];

for (const [name, text, status] of cases) {
  test(`proxy.caddy-on-demand-tls: ${name} is ${status}`, async () => {
    assert.equal(proxyCaddyOnDemandTlsProxy.evaluate({}, await caddyWanted(text)).status, status);
  });
}

test("proxy.caddy-on-demand-tls: another proxy is not its subject", async () => {
  assert.equal(
    proxyCaddyOnDemandTlsProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
