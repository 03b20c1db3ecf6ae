import assert from "node:assert/strict";
import { test } from "node:test";

import { haproxyWanted, traefikWanted } from "../../proxy-sites/example-sites.ts";
import { proxyTraefikDashboardProxy } from "./traefik-dashboard-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["closed", 'entryPoints:\n  web:\n    address: ":80"\n', "pass"],
  ["open", 'api:\n  insecure: true\nentryPoints:\n  web:\n    address: ":80"\n', "fail"],
];

for (const [name, text, status] of cases) {
  test(`proxy.traefik-dashboard: ${name} is ${status}`, async () => {
    assert.equal(
      proxyTraefikDashboardProxy.evaluate({}, await traefikWanted({ "traefik.yml": text })).status,
      status,
    );
  });
}

test("proxy.traefik-dashboard: another proxy is not its subject", async () => {
  assert.equal(
    proxyTraefikDashboardProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
