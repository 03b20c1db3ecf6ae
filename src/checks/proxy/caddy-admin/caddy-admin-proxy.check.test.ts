import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyCaddyAdminProxy } from "./caddy-admin-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["as it is", "a.test {\n}", "pass"],
  ["everywhere", "{\n admin :2019\n}\na.test {\n}", "fail"],
];

for (const [name, text, status] of cases) {
  test(`proxy.caddy-admin: ${name} is ${status}`, async () => {
    assert.equal(proxyCaddyAdminProxy.evaluate({}, await caddyWanted(text)).status, status);
  });
}

test("proxy.caddy-admin: another proxy is not its subject", async () => {
  assert.equal(
    proxyCaddyAdminProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
