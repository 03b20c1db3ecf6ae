import assert from "node:assert/strict";
import { test } from "node:test";

import { haproxyWanted, traefikWanted } from "../../proxy-sites/example-sites.ts";
import { proxyTraefikUnusedMiddlewareProxy } from "./traefik-unused-middleware-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["none is there", 'entryPoints:\n  web:\n    address: ":80"\n', "pass"],
  [
    "unused",
    'entryPoints:\n  web:\n    address: ":80"\nhttp:\n  middlewares:\n    a:\n      rateLimit:\n        average: 1\n',
    "warn",
  ],
];

for (const [name, text, status] of cases) {
  test(`proxy.traefik-unused-middleware: ${name} is ${status}`, async () => {
    assert.equal(
      proxyTraefikUnusedMiddlewareProxy.evaluate({}, await traefikWanted({ "traefik.yml": text }))
        .status,
      status,
    );
  });
}

test("proxy.traefik-unused-middleware: another proxy is not its subject", async () => {
  assert.equal(
    proxyTraefikUnusedMiddlewareProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
