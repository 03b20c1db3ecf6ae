import assert from "node:assert/strict";
import { test } from "node:test";

import { haproxyWanted, traefikWanted } from "../../proxy-sites/example-sites.ts";
import { proxyTraefikDockerProxy } from "./traefik-docker-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  [
    "by request",
    'entryPoints:\n  web:\n    address: ":80"\nproviders:\n  docker:\n    exposedByDefault: false\n',
    "pass",
  ],
  ["all", 'entryPoints:\n  web:\n    address: ":80"\nproviders:\n  docker: {}\n', "warn"],
];

for (const [name, text, status] of cases) {
  test(`proxy.traefik-docker: ${name} is ${status}`, async () => {
    assert.equal(
      proxyTraefikDockerProxy.evaluate({}, await traefikWanted({ "traefik.yml": text })).status,
      status,
    );
  });
}

test("proxy.traefik-docker: another proxy is not its subject", async () => {
  assert.equal(
    proxyTraefikDockerProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
