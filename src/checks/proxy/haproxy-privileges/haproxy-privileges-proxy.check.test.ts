import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyHaproxyPrivilegesProxy } from "./haproxy-privileges-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["both", "global\n user h\n chroot /x", "pass"],
  ["root", "global\n user root\n chroot /x", "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.haproxy-privileges: ${name} is ${status}`, async () => {
    assert.equal(proxyHaproxyPrivilegesProxy.evaluate({}, haproxyWanted(text)).status, status);
  });
}

test("proxy.haproxy-privileges: another proxy is not its subject", async () => {
  assert.equal(
    proxyHaproxyPrivilegesProxy.evaluate({}, await caddyWanted("a.test {\n}")).status,
    "skip",
  );
});
