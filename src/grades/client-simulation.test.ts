import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleCertificate, exampleScan, type ScanChange } from "../core/tls-scan-example.ts";
import { CLIENT_PROFILES } from "./client-profiles.ts";
import { simulateClients } from "./client-simulation.ts";

function say(change: ScanChange, client: string): string {
  const outcome = simulateClients(exampleScan(change)).find((one) => one.client === client);
  assert.ok(outcome !== undefined);
  if (outcome.state !== "connects") return `${outcome.state}: ${outcome.because}`;
  return [outcome.protocol, outcome.suite, outcome.group ?? "-"].join(" ");
}

const RSA = { certificates: [exampleCertificate({ keyType: "RSA", keyBits: 1024 })] };
const DHE = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
const rows: readonly [name: string, change: ScanChange, client: string, says: string][] = [
  ["hybrid group", {}, "Chrome 143", "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519MLKEM768"],
  [
    "server's order",
    { serverOrder: true },
    "Chrome 143",
    "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519MLKEM768",
  ],
  [
    "no TLS 1.3 in the client",
    {},
    "Android 9.0",
    "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 x25519",
  ],
  ["TLS 1.3 alone", { protocols: ["TLSv1.3"] }, "Java 8u161", "fails: no protocol in common"],
  [
    "no group in common",
    { protocols: ["TLSv1.2"], groups: ["x25519"] },
    "Android 7.0",
    "fails: no group in common",
  ],
  [
    "no suite in common",
    { protocols: ["TLSv1.2"], suites: { "TLSv1.2": ["TLS_RSA_WITH_SEED_CBC_SHA"] } },
    "Firefox 145",
    "fails: no TLSv1.2 suite in common",
  ],
  [
    "suites not all known",
    {
      protocols: ["TLSv1.2"],
      suites: { "TLSv1.2": [] },
      suitesIncomplete: { "TLSv1.2": "silence" },
    },
    "Firefox 145",
    "unknown: suites of TLSv1.2 are not all known",
  ],
  [
    "a higher version is open",
    { protocols: ["TLSv1.2"], protocolsUnknown: ["TLSv1.3"] },
    "Firefox 145",
    "unknown: TLSv1.3 got no answer",
  ],
  [
    "an open version the client lacks",
    { protocols: ["TLSv1.2"], protocolsUnknown: ["TLSv1"] },
    "Firefox 145",
    "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 x25519",
  ],
  [
    "small DH",
    { protocols: ["TLSv1.2"], suites: { "TLSv1.2": [DHE] }, dhBits: 1024 },
    "Python 3.10+ (OpenSSL 3.0)",
    "fails: refuses DH parameters of 1024 bits",
  ],
  [
    "DH that is accepted",
    { protocols: ["TLSv1.2"], suites: { "TLSv1.2": [DHE] }, dhBits: 2048 },
    "OpenSSL 1.0.2",
    `TLSv1.2 ${DHE} -`,
  ],
  [
    "small RSA key",
    {
      ...RSA,
      protocols: ["TLSv1.2"],
      suites: { "TLSv1.2": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"] },
    },
    "Python 3.10+ (OpenSSL 3.0)",
    "fails: refuses an RSA key of 1024 bits",
  ],
  [
    "no TLS",
    { state: "unknown", protocols: null },
    "Chrome 143",
    "unknown: the server's protocols are not known",
  ],
];
for (const [name, change, client, says] of rows) {
  test(`simulateClients: ${name}, ${client}`, () => assert.equal(say(change, client), says));
}

test("the table: names are unique, suites are unique and of the client's versions", () => {
  const names = CLIENT_PROFILES.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  for (const { name, protocols, suites } of CLIENT_PROFILES) {
    assert.equal(new Set(suites).size, suites.length);
    const hasModern = suites.some((suite) => !suite.includes("_WITH_"));
    assert.equal(hasModern, protocols.includes("TLSv1.3"), name);
  }
});
