import assert from "node:assert/strict";
import { test } from "node:test";

import type { TlsCertificate } from "../../../core/tls-scan.ts";
import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { tlsCertificateTrustedLive } from "./certificate-trusted-live.check.ts";

const evaluate = (...scans: readonly ScanChange[]) =>
  tlsCertificateTrustedLive.evaluate(
    { scans: scans.map(exampleScan) },
    { routes: exampleRoutes() },
  );
const one = (change: Partial<TlsCertificate>): ScanChange => ({
  certificates: [exampleCertificate(change)],
});
const with_ = (trusted: TlsCertificate["trusted"], ...problems: readonly string[]) =>
  one({ trusted, problems });

const sha1Root = (...problems: readonly string[]): ScanChange => {
  const { chain } = exampleCertificate();
  const [, above] = chain;
  assert.ok(above !== undefined);
  const root = { ...above, subject: above.issuer, signature: "sha1WithRSAEncryption" };
  return one({ problems, chain: [...chain, root] });
};

const cases: readonly [name: string, scans: readonly ScanChange[], answer: string][] = [
  ["a good chain", [{}], "pass"],
  ["expired is another control's", [with_("no", "expired")], "pass"],
  ["other names are another control's", [with_("yes", "name-mismatch")], "pass"],
  ["untrusted", [with_("no", "untrusted")], "fail untrusted"],
  ["self-signed", [with_("no", "self-signed")], "fail self-signed"],
  ["for clients", [with_("no", "wrong-eku")], "fail wrong-eku"],
  ["SHA-1", [with_("no", "weak-signature")], "fail weak-signature"],
  ["by a leaf", [with_("no", "invalid-issuer")], "fail invalid-issuer"],
  ["outside its issuer's names", [with_("no", "name-constraints")], "fail name-constraints"],
  ["an unknown critical extension", [with_("no", "unknown-critical")], "fail unknown-critical"],
  ["ROCA", [with_("yes", "roca")], "fail roca"],
  ["an odd serial number", [with_("yes", "odd-serial")], "pass"],
  ["a SHA-1 root sent", [sha1Root("root-sent")], "warn sha1-root"],
  ["a SHA-1 intermediate beside it", [sha1Root("weak-signature")], "fail weak-signature"],
  ["RSA 4096", [one({ keyType: "RSA", keyBits: 4096 })], "pass"],
  ["RSA 1024", [with_("yes", "weak-key")], "fail weak-key"],
  ["broken DER", [with_("no", "broken-der")], "fail broken-der"],
  ["incomplete", [with_("no", "incomplete-chain")], "warn incomplete-chain"],
  ["the operator's CA", [with_("by-your-ca")], "warn private-ca"],
  ["staple missing", [with_("yes", "must-staple-missing")], "warn must-staple-missing"],
  ["wrong order, root sent", [with_("yes", "wrong-order", "root-sent")], "warn wrong-order"],
  ["825 days", [with_("yes", "too-long")], "warn too-long"],
  ["RSA 8192", [one({ keyType: "RSA", keyBits: 8192 })], "warn oversized-key"],
  ["revoked", [{ staple: "revoked" }], "fail revoked"],
  [
    "one of two certificates",
    [{ certificates: [exampleCertificate(), exampleCertificate({ problems: ["untrusted"] })] }],
    "fail untrusted",
  ],
  ["no store", [with_("unknown")], "unknown"],
  ["no certificate", [{ certificates: [] }], "unknown"],
  ["certificates not answered", [{ certificates: null }], "unknown"],
  ["no connection", [{ state: "unreachable", protocols: null, certificates: null }], "unknown"],
  ["plain HTTP", [{ state: "not-tls", why: "plain HTTP", protocols: null }], "fail not-tls"],
  [
    "plain HTTP at one address, untrusted at another",
    [{ state: "not-tls" }, with_("no", "untrusted")],
    "fail not-tls untrusted",
  ],
];
for (const [name, scans, answer] of cases) {
  test(`tls.certificate-trusted/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(...scans);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("tls.certificate-trusted/live: the finding names the chain and the file", () => {
  const outcome = evaluate(with_("no", "incomplete-chain"));
  assert.deepEqual("findings" in outcome && outcome.findings[0], {
    rule: "incomplete-chain",
    status: "warn",
    subject: "shop.example.test:443 (192.0.2.1) EC",
    message: "The certificate of shop.example.test:443 (192.0.2.1) comes without its intermediate",
    fix: "Serve fullchain.pem instead of cert.pem: put leaf, then intermediates, into /etc/ssl/shop.pem and reload",
    evidence: [
      {
        url: "https://shop.example.test:443/",
        excerpt:
          "EC 256 certificate CN=shop.example.test, ecdsa-with-SHA256; chain CN=shop.example.test <- O=Test Org, CN=Inter; incomplete-chain",
      },
      { file: "/etc/nginx/sites-enabled/shop", line: 3, excerpt: "listen 443 ssl" },
    ],
  });
});

const fixes: readonly [name: string, change: ScanChange, fix: RegExp][] = [
  [
    "an issuer that may be the operator's own",
    with_("no", "untrusted"),
    /^Run: certbot --nginx -d shop\.example\.test\. Where the issuer is your own CA, scan with --cacert FILE/,
  ],
  [
    "a server that greets in clear",
    { state: "not-tls", why: "greets in clear as IMAP does", protocols: null },
    /^Scan it by its own protocol: plimsoll tls HOST:PORT --starttls smtp/,
  ],
  [
    "plain HTTP",
    { state: "not-tls", why: "speaks plain HTTP", protocols: null },
    /^Give the listener on port 443 a certificate .*\. Run: certbot --nginx -d shop\.example\.test$/,
  ],
  [
    "plain HTTP at an address, for which no public CA gives a certificate",
    { host: "192.0.2.1", state: "not-tls", why: "speaks plain HTTP", protocols: null },
    /Run: certbot --nginx -d NAME$/,
  ],
];
for (const [name, change, fix] of fixes) {
  test(`tls.certificate-trusted/live: the fix of ${name}`, () => {
    const outcome = evaluate(change);
    assert.ok("findings" in outcome);
    assert.match(outcome.findings[0]?.fix ?? "", fix);
  });
}
