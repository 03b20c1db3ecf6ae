import assert from "node:assert/strict";
import { test } from "node:test";

import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { gradeTlsLive } from "./tls-live.check.ts";

const evaluate = (...scans: readonly ScanChange[]) =>
  gradeTlsLive.evaluate(
    { scans: scans.map(exampleScan), clock: { nowMs: Date.UTC(2026, 10, 28) } },
    { routes: exampleRoutes() },
  );
const problem = (slug: string): ScanChange => ({
  certificates: [exampleCertificate({ problems: [slug] })],
});

const cases: readonly [name: string, scans: readonly ScanChange[], answer: string][] = [
  ["A", [{}], "pass"],
  ["A-", [{ secureRenegotiation: false }], "warn grade-a-minus"],
  ["B", [{ protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] }], "warn grade-b"],
  ["C", [{ vulnerable: ["crime"] }], "fail grade-c"],
  ["F", [{ vulnerable: ["heartbleed"] }], "fail grade-f"],
  ["T", [problem("expired")], "fail grade-t"],
  ["M", [problem("name-mismatch")], "fail grade-m"],
  ["F at one address of two", [{}, { vulnerable: ["robot"] }], "fail grade-f"],
  ["A while a version is open", [{ protocolsUnknown: ["SSLv3"] }], "unknown"],
  ["A with a list cut short", [{ suitesIncomplete: { "TLSv1.2": "silence" } }], "unknown"],
  [
    "F while a version is open",
    [{ vulnerable: ["robot"], protocolsUnknown: ["SSLv3"] }],
    "fail grade-f",
  ],
  ["nothing answered", [{ protocols: null }], "unknown"],
  ["no TLS", [{ state: "not-tls", protocols: null }], "skip"],
];
for (const [name, scans, answer] of cases) {
  test(`grade.tls/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(...scans);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("grade.tls/live: the arithmetic and the caps are shown", () => {
  const outcome = evaluate({ ...problem("expired"), protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] });
  assert.ok("findings" in outcome);
  assert.equal(outcome.status, "fail");
  const [{ message, evidence, fix }] = outcome.findings;
  assert.equal(
    message,
    "The grade of shop.example.test:443 (192.0.2.1) is T: a certificate of the chain has expired; TLS 1.0 or 1.1 is offered",
  );
  assert.equal(
    evidence[0].excerpt,
    "T (2009r, 2026-11-28): 0.3 x 95 + 0.3 x 90 + 0.4 x 90 = 92; T: a certificate of the chain has expired; B: TLS 1.0 or 1.1 is offered; B if trust is ignored",
  );
  assert.match(
    fix,
    /^Run: certbot --nginx -d shop\.example\.test\. In \/etc\/nginx\/sites-enabled\/shop /,
  );
});

const fixes: readonly [name: string, change: ScanChange, fix: RegExp][] = [
  [
    "a small key",
    { certificates: [exampleCertificate({ keyType: "RSA", keyBits: 1024, chain: [] })] },
    /^Run: certbot --nginx -d shop\.example\.test$/,
  ],
  [
    "small DH parameters",
    { suites: { "TLSv1.2": ["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"] }, dhBits: 1024 },
    /^Use ECDHE alone, or DH parameters of 2048 bits/,
  ],
  [
    "a chain without its intermediate, which a new certificate would lack as well",
    { certificates: [exampleCertificate({ trusted: "no", problems: ["incomplete-chain"] })] },
    /^Serve fullchain\.pem instead of cert\.pem: put leaf, then intermediates, into \/etc\/ssl\/shop\.pem and reload$/,
  ],
  ["an old protocol", { protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] }, /ssl_protocols/],
  ["RC4", { suites: { "TLSv1.2": ["TLS_RSA_WITH_RC4_128_SHA"] } }, /ssl_ciphers/],
  ["an HSTS header that switches it off", { hstsSeconds: -1 }, /Strict-Transport-Security/],
  ["no secure renegotiation", { secureRenegotiation: false }, /^Update the TLS library/],
];
for (const [name, change, fix] of fixes) {
  test(`grade.tls/live: the fix of ${name}`, () => {
    const outcome = evaluate(change);
    assert.ok("findings" in outcome);
    assert.match(outcome.findings[0]?.fix ?? "", fix);
  });
}

test("grade.tls/live: trust by the operator's CA passes, and is said", () => {
  const outcome = evaluate({ certificates: [exampleCertificate({ trusted: "by-your-ca" })] });
  assert.equal(outcome.status, "pass");
  assert.match(JSON.stringify(outcome), /graded as trusted: by your CA \(--cacert\)/);
});
