import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleScan, type ScanChange } from "../../../core/tls-scan-example.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { tlsCiphersLive } from "./ciphers-live.check.ts";

const evaluate = (...scans: readonly ScanChange[]) =>
  tlsCiphersLive.evaluate({ scans: scans.map(exampleScan) }, { routes: exampleRoutes() });
const GOOD = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
const add = (...suites: readonly string[]): ScanChange => ({
  serverOrder: true,
  suites: { "TLSv1.2": [GOOD, ...suites] },
});

const cases: readonly [name: string, change: ScanChange, answer: string][] = [
  ["forward secrecy and AEAD", {}, "pass"],
  ["TLS 1.3 alone", { suites: { "TLSv1.3": ["TLS_AES_256_GCM_SHA384"] } }, "skip"],
  ["TLS 1.3 without encryption", { suites: { "TLSv1.3": ["TLS_SHA256_SHA256"] } }, "fail null"],
  ["DHE of 2048 bits", { ...add("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), dhBits: 2048 }, "pass"],
  [
    "DHE of 1024 bits",
    { ...add("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), dhBits: 1024 },
    "fail small-dh",
  ],
  ["CBC", add("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), "warn cbc"],
  ["RSA key exchange", add("TLS_RSA_WITH_AES_128_GCM_SHA256"), "warn no-forward-secrecy"],
  [
    "CBC in the client's order",
    { ...add("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), serverOrder: false },
    "warn cbc client-order",
  ],
  ["NULL", add("TLS_RSA_WITH_NULL_SHA"), "fail null"],
  ["anonymous", add("TLS_ECDH_anon_WITH_AES_128_CBC_SHA"), "fail anonymous"],
  ["export", add("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), "fail export"],
  ["RC4", add("TLS_ECDHE_RSA_WITH_RC4_128_SHA"), "fail rc4"],
  ["3DES", add("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"), "fail small-block"],
  [
    "DES and CBC",
    add("TLS_RSA_WITH_DES_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    "fail small-block cbc",
  ],
  ["a list cut short", { suitesIncomplete: { "TLSv1.2": "rate limited" } }, "unknown"],
  ["a version open", { protocolsUnknown: ["TLSv1"] }, "unknown"],
  [
    "a list cut short behind RC4",
    { ...add("TLS_RSA_WITH_RC4_128_SHA"), suitesIncomplete: { "TLSv1.2": "x" } },
    "fail rc4",
  ],
  ["no suites", { suites: {} }, "unknown"],
];
for (const [name, change, answer] of cases) {
  test(`tls.ciphers/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(change);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("tls.ciphers/live: the finding names the suites and the file", () => {
  const outcome = evaluate(add("TLS_ECDHE_RSA_WITH_RC4_128_SHA"));
  assert.ok("findings" in outcome);
  assert.equal(outcome.status, "fail");
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    "shop.example.test:443 (192.0.2.1) accepts RC4: TLS_ECDHE_RSA_WITH_RC4_128_SHA",
  );
  assert.match(
    finding.fix,
    /^In \/etc\/nginx\/sites-enabled\/shop \(listener in line 3\) write: ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:/,
  );
  assert.equal(finding.evidence[1]?.line, 3);
});
