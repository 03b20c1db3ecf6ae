import assert from "node:assert/strict";
import { test } from "node:test";

import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { tlsCertificateExpiryLive } from "./certificate-expiry-live.check.ts";

/** The example's certificate is of 2026-11-01 to 2027-01-30. */
const evaluate = (now: string, change: ScanChange = {}) =>
  tlsCertificateExpiryLive.evaluate(
    { scans: [exampleScan(change)], clock: { nowMs: Date.parse(now) } },
    { routes: exampleRoutes() },
  );
const SHORT = { certificates: [exampleCertificate({ notAfter: "2026-12-01T00:00:00Z" })] };
const OLD_ISSUER = { certificates: [exampleCertificate({ problems: ["expired"] })] };

const cases: readonly [name: string, now: string, change: ScanChange, answer: string][] = [
  ["22 days left", "2027-01-08T00:00:00Z", {}, "pass"],
  ["21 days left", "2027-01-09T00:00:00Z", {}, "warn expires-soon"],
  ["a day over", "2027-01-31T00:00:00Z", {}, "fail expired"],
  ["a day early", "2026-10-31T00:00:00Z", {}, "fail not-yet-valid"],
  ["five minutes early", "2026-10-31T23:55:00Z", {}, "warn clock-skew"],
  ["a second more", "2026-10-31T23:54:59Z", {}, "fail not-yet-valid"],
  ["the second it begins", "2026-11-01T00:00:00Z", {}, "pass"],
  ["the second it ends", "2027-01-30T00:00:00Z", {}, "warn expires-soon"],
  ["11 of 30 days left", "2026-11-20T00:00:00Z", SHORT, "pass"],
  ["10 of 30 days left", "2026-11-21T00:00:00Z", SHORT, "warn expires-soon"],
  ["an expired issuer", "2026-11-20T00:00:00Z", OLD_ISSUER, "fail chain-expired"],
  ["no certificate", "2026-11-20T00:00:00Z", { certificates: [] }, "unknown"],
  [
    "nothing read",
    "2026-11-20T00:00:00Z",
    { certificates: [exampleCertificate({ notAfter: "" })] },
    "unknown",
  ],
];
for (const [name, now, change, answer] of cases) {
  test(`tls.certificate-expiry/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(now, change);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("tls.certificate-expiry/live: the finding shows the dates", () => {
  const outcome = evaluate("2027-01-31T00:00:00Z");
  assert.ok("findings" in outcome);
  assert.equal(outcome.status, "fail");
  assert.equal(outcome.findings[0].fix, "Run: certbot renew && nginx -t && systemctl reload nginx");
  assert.equal(
    outcome.findings[0].evidence[0].excerpt,
    "EC 256 certificate CN=shop.example.test: 2026-11-01T00:00:00Z to 2027-01-30T00:00:00Z, -1 days left, serial 01",
  );
});
