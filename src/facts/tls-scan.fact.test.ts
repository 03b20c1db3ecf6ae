import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../host/memory-host.ts";
import { tlsScan, tlsTargets } from "./tls-scan.fact.ts";

const { signal } = new AbortController();

function collect(urls: readonly string[], host = createMemoryHost()) {
  const target = {
    directory: "/srv/app",
    urls,
    mode: "auto",
    compat: false,
    hostFacts: true,
  } as const;
  return tlsScan.collect({ host, target, nowMs: 0, fingerprintKey: "", signal }, {}, {});
}

test("scans every host and port of https URLs once", () => {
  const urls = [
    "https://a.test/x",
    "http://a.test/",
    "https://a.test:443/y",
    "https://a.test:8443",
    "https://[::1]:9443/",
    "no URL",
  ];
  assert.deepEqual(tlsTargets(urls), [
    { host: "a.test", port: 443 },
    { host: "a.test", port: 8443 },
    { host: "::1", port: 9443 },
  ]);
});

test("is absent without an https URL", async () => {
  assert.deepEqual(await collect(["http://a.test/"]), {
    state: "absent",
    reason: "no https URL is audited",
  });
});

test("scans every address of a name and says how they differ", async () => {
  const host = createMemoryHost({
    resolve: { "a.test": ["192.0.2.1", "192.0.2.2", "192.0.2.1"] },
    stream: ({ address }) =>
      address === "192.0.2.1"
        ? { greeting: [Buffer.from("SSH-2.0-x\r\n")] }
        : { answer: () => [Buffer.of(21, 3, 3, 0, 2, 2, 40)] },
  });
  const reading = await collect(["https://a.test/"], host);
  assert.ok(reading.state === "known");
  const [first, second, ...others] = reading.value;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [first?.address, first?.state, first?.why],
    ["192.0.2.1", "not-tls", "speaks SSH"],
  );
  assert.deepEqual([second?.state, second?.why], ["tls", "refuses every hello: handshake_failure"]);
  assert.deepEqual(second?.protocols, []);
  assert.deepEqual(second?.notes, ["differs from 192.0.2.1 in state, protocols"]);
});

test("says that a name does not resolve and that a port is closed", async () => {
  const host = createMemoryHost({ resolve: { "b.test": ["192.0.2.9"] } });
  const reading = await collect(["https://a.test/", "https://b.test/"], host);
  assert.ok(reading.state === "known");
  assert.deepEqual(
    reading.value.map(({ state, why }) => [state, why]),
    [
      ["unreachable", "a.test: no such name"],
      ["unreachable", "b.test port 443: connection refused"],
    ],
  );
});
