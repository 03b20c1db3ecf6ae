import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyCaddyAutomaticHttpsProxy } from "./caddy-automatic-https-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["on", "a.test {\n}", "pass"],
  ["off", "{\n auto_https off\n}\na.test {\n}", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.caddy-automatic-https: ${name} is ${status}`, async () => {
    assert.equal(
      proxyCaddyAutomaticHttpsProxy.evaluate({}, await caddyWanted(text)).status,
      status,
    );
  });
}

test("proxy.caddy-automatic-https: another proxy is not its subject", async () => {
  assert.equal(
    proxyCaddyAutomaticHttpsProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
