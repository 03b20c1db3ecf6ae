import assert from "node:assert/strict";
import { test } from "node:test";

import type { HstsSeen } from "../core/tls-grade-caps.ts";
import type { TlsCertificate } from "../core/tls-scan.ts";
import { exampleCertificate, exampleScan, type ScanChange } from "../core/tls-scan-example.ts";
import { conformanceOf, type ProfileName } from "./mozilla.ts";

const LONG = { maxAgeSeconds: 63_072_000 };
const RSA = { keyType: "RSA", keyBits: 2048, signature: "sha256WithRSAEncryption" } as const;

const certificate = (change: Partial<TlsCertificate>): ScanChange => ({
  certificates: [exampleCertificate(change)],
});
const lasting = (days: number): ScanChange => {
  const notAfter = new Date(Date.parse("2026-11-01T00:00:00Z") + days * 86_400_000).toISOString();
  return certificate({ notBefore: "2026-11-01T00:00:00Z", notAfter });
};
const suites12 = (...names: readonly string[]): ScanChange => ({ suites: { "TLSv1.2": names } });
const groups = (...names: readonly string[]): ScanChange => ({ groups: names });
const ALL_GROUPS = ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1"];
const without = (name: string) => ALL_GROUPS.filter((group) => group !== name);

/** What a row is about, and the level of it in modern and in intermediate: `-` is no difference. */
type Row = readonly [about: string, change: ScanChange, modern: string, intermediate: string];

const rows: readonly Row[] = [
  ["TLSv1.3 is not offered", { protocols: ["TLSv1.3"] }, "-", "-"],
  ["TLSv1.3 is not offered", { protocols: ["TLSv1.2"] }, "warn", "warn"],
  ["TLSv1.2 is offered", { protocols: ["TLSv1.2", "TLSv1.3"] }, "fail", "-"],
  ["TLSv1.2 is not offered", { protocols: ["TLSv1.3"] }, "-", "warn"],
  ...(["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"] as const).flatMap((protocol): readonly Row[] => [
    [`${protocol} is offered`, { protocols: [protocol, "TLSv1.3"] }, "fail", "fail"],
    [`${protocol} is offered`, { protocols: ["TLSv1.3"] }, "-", "-"],
  ]),
  ...["ECDSA", "RSA"].flatMap((key) =>
    ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"].map((cipher): Row => {
      const suite = `TLS_ECDHE_${key}_WITH_${cipher}`;
      return [`suite ${suite} is offered`, suites12(suite), "-", "-"];
    }),
  ),
  ...["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"].map(
    (suite): Row => [`suite ${suite} is offered`, suites12(suite), "-", "warn"],
  ),
  ...[
    "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
  ].map((suite): Row => [`suite ${suite} is offered`, suites12(suite), "-", "fail"]),
  [
    "suite TLS_AES_128_GCM_SHA256 is not offered",
    { suites: { "TLSv1.3": ["TLS_AES_256_GCM_SHA384"] } },
    "warn",
    "warn",
  ],
  ["suite TLS_AES_128_GCM_SHA256 is not offered", {}, "-", "-"],
  [
    "suite TLS_SM4_GCM_SM3 is offered",
    { suites: { "TLSv1.3": ["TLS_SM4_GCM_SM3"] } },
    "warn",
    "warn",
  ],
  [
    "suite TLS_SHA256_SHA256 is offered",
    { suites: { "TLSv1.3": ["TLS_SHA256_SHA256"] } },
    "fail",
    "fail",
  ],
  [
    "post-quantum group X25519MLKEM768 is not offered",
    groups(...without("X25519MLKEM768")),
    "info",
    "info",
  ],
  ["post-quantum group X25519MLKEM768 is not offered", groups(...ALL_GROUPS), "-", "-"],
  ...["x25519", "secp256r1", "secp384r1"].flatMap((group): readonly Row[] => [
    [`group ${group} is not offered`, groups(...without(group)), "warn", "warn"],
    [`group ${group} is not offered`, groups(...ALL_GROUPS), "-", "-"],
  ]),
  ["group secp521r1 is offered beyond the profile", groups("secp521r1"), "info", "info"],
  ["group secp224r1 is offered", groups("secp224r1"), "fail", "fail"],
  ["certificate key EC 256", certificate({ keyBits: 256 }), "-", "-"],
  ["certificate key EC 384", certificate({ keyBits: 384 }), "-", "-"],
  ["certificate key EC 521 is beyond the profile", certificate({ keyBits: 521 }), "info", "info"],
  ["certificate key EC 224", certificate({ keyBits: 224 }), "fail", "fail"],
  ["certificate key RSA 2048", certificate(RSA), "fail", "-"],
  ["certificate key RSA 2047", certificate({ ...RSA, keyBits: 2047 }), "fail", "fail"],
  ["certificate key RSA 4096", certificate({ ...RSA, keyBits: 4096 }), "fail", "info"],
  ["certificate key Ed25519 256", certificate({ keyType: "Ed25519" }), "info", "info"],
  ["the certificate lasts", lasting(90), "-", "-"],
  ["the certificate lasts 91 days", lasting(91), "fail", "info"],
  ["the certificate lasts 366 days", lasting(366), "fail", "info"],
  ["the certificate lasts 367 days", lasting(367), "fail", "fail"],
  ...["ecdsa-with-SHA256", "ecdsa-with-SHA384", "ecdsa-with-SHA512"].map(
    (signature): Row => ["the certificate is signed", certificate({ signature }), "-", "-"],
  ),
  ["the certificate is signed", certificate(RSA), "warn", "-"],
  [
    "the certificate is signed with sha384WithRSAEncryption",
    certificate({ signature: "sha384WithRSAEncryption" }),
    "warn",
    "warn",
  ],
  [
    "the certificate is signed with sha1WithRSAEncryption",
    certificate({ signature: "sha1WithRSAEncryption", problems: ["weak-signature"] }),
    "fail",
    "fail",
  ],
  ["the server insists on its own order of suites", { serverOrder: true }, "warn", "warn"],
  ["the server insists on its own order of suites", { serverOrder: false }, "-", "-"],
  ["the server insists on its own order of suites", { serverOrder: null }, "-", "-"],
  ["no OCSP staple", { staple: "none" }, "info", "info"],
  ["no OCSP staple", { staple: "good" }, "-", "-"],
  ["no OCSP staple", { staple: "unknown" }, "-", "-"],
  ["DH parameters of 2047 bits", { dhBits: 2047 }, "fail", "fail"],
  ["DH parameters", { dhBits: 2048 }, "-", "-"],
];

function levelOf(change: ScanChange, hsts: HstsSeen, profile: ProfileName, about: string): string {
  const { differences } = conformanceOf(exampleScan(change), { hsts });
  const found = differences[profile].filter(({ what }) => what.startsWith(about));
  assert.ok(found.length <= 1, JSON.stringify(found));
  return found[0]?.level ?? "-";
}

for (const [about, change, modern, intermediate] of rows) {
  test(`Mozilla 6.0: ${about}: ${modern} in modern, ${intermediate} in intermediate ${JSON.stringify(change).slice(0, 60)}`, () => {
    assert.equal(levelOf(change, LONG, "modern", about), modern);
    assert.equal(levelOf(change, LONG, "intermediate", about), intermediate);
  });
}

const hstsRows: readonly [hsts: HstsSeen, level: string][] = [
  [{ maxAgeSeconds: 63_072_000 }, "-"],
  [{ maxAgeSeconds: 63_071_999 }, "warn"],
  [{ maxAgeSeconds: 0 }, "warn"],
  [null, "warn"],
  ["unknown", "-"],
];
for (const [hsts, level] of hstsRows) {
  test(`Mozilla 6.0: HSTS ${JSON.stringify(hsts)} is ${level}`, () => {
    for (const profile of ["modern", "intermediate"] as const) {
      assert.equal(levelOf({}, hsts, profile, "HSTS "), level);
    }
  });
}
