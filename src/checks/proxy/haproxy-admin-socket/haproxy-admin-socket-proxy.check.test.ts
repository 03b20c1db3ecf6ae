import assert from "node:assert/strict";
import { test } from "node:test";

import { caddyWanted, haproxyWanted } from "../../proxy-sites/example-sites.ts";
import { proxyHaproxyAdminSocketProxy } from "./haproxy-admin-socket-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["a file", "global\n stats socket /run/h.sock level admin", "pass"],
  ["every address", "global\n stats socket ipv4@*:99 level admin", "fail"],
];

for (const [name, text, status] of cases) {
  test(`proxy.haproxy-admin-socket: ${name} is ${status}`, async () => {
    assert.equal(proxyHaproxyAdminSocketProxy.evaluate({}, haproxyWanted(text)).status, status);
  });
}

test("proxy.haproxy-admin-socket: another proxy is not its subject", async () => {
  assert.equal(
    proxyHaproxyAdminSocketProxy.evaluate({}, await caddyWanted("a.test {\n}")).status,
    "skip",
  );
});
