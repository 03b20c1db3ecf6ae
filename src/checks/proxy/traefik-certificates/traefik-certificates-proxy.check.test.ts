import assert from "node:assert/strict";
import { test } from "node:test";

import { haproxyWanted, traefikWanted } from "../../proxy-sites/example-sites.ts";
import { proxyTraefikCertificatesProxy } from "./traefik-certificates-proxy.check.ts";

const cases: readonly (readonly [name: string, text: string, status: string])[] = [
  ["public", 'entryPoints:\n  web:\n    address: ":80"\n', "pass"],
  [
    "staging",
    'entryPoints:\n  web:\n    address: ":80"\ncertificatesResolvers:\n  le:\n    acme:\n      caServer: https://acme-staging-v02.api.letsencrypt.org/directory\n',
    "warn",
  ],
];

for (const [name, text, status] of cases) {
  test(`proxy.traefik-certificates: ${name} is ${status}`, async () => {
    assert.equal(
      proxyTraefikCertificatesProxy.evaluate({}, await traefikWanted({ "traefik.yml": text }))
        .status,
      status,
    );
  });
}

test("proxy.traefik-certificates: another proxy is not its subject", async () => {
  assert.equal(
    proxyTraefikCertificatesProxy.evaluate({}, haproxyWanted("defaults\n mode http")).status,
    "skip",
  );
});
