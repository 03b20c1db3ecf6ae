import assert from "node:assert/strict";
import { test } from "node:test";

import type { TlsCertificate } from "./tls-scan.ts";
import { exampleCertificate, exampleScan, type ScanChange } from "./tls-scan-example.ts";
import { withSharedKeys } from "./tls-shared-keys.ts";

const key = (keyFingerprint256: string, keyType: TlsCertificate["keyType"] = "RSA") => ({
  certificates: [exampleCertificate({ keyType, keyFingerprint256 })],
});
const MAIL: ScanChange = {
  port: 25,
  protocols: ["SSLv2", "TLSv1.2"],
  vulnerable: ["drown"],
  ...key("AA"),
};

const cases: readonly [name: string, others: ScanChange, verdict: string][] = [
  ["the same RSA key", key("AA"), "vulnerable"],
  ["another RSA key", key("BB"), "not-vulnerable"],
  ["the same print on an EC key", key("AA", "EC"), "not-vulnerable"],
  ["no certificate seen", { certificates: null }, "not-vulnerable"],
];
for (const [name, change, verdict] of cases) {
  for (const isFirst of [true, false]) {
    test(`withSharedKeys: ${name}, ${isFirst ? "before" : "after"} the SSLv2 port, is ${verdict}`, () => {
      const scans = [exampleScan(change), exampleScan(MAIL)];
      const [web] = withSharedKeys(isFirst ? scans : scans.toReversed()).filter(
        ({ port }) => port === 443,
      );
      assert.equal(web?.vulnerabilities.drown, verdict);
      assert.deepEqual(
        web?.notes,
        verdict === "vulnerable"
          ? ["DROWN: shop.example.test:25 (192.0.2.1) answers SSLv2 with the same key"]
          : [],
      );
    });
  }
}

test("withSharedKeys: without SSLv2 nothing changes", () => {
  const scans = [exampleScan(key("AA")), exampleScan({ port: 8443, ...key("AA") })];
  assert.equal(withSharedKeys(scans), scans);
});
