import assert from "node:assert/strict";
import { test } from "node:test";

import { gradeTls } from "./tls-grade.ts";
import { exampleCertificate, exampleScan, type ScanChange } from "./tls-scan-example.ts";

const LONG = { maxAgeSeconds: 15_768_000 };
const GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
const only12 = (...suites: readonly string[]): ScanChange => ({
  protocols: ["TLSv1.2"],
  suites: { "TLSv1.2": suites },
});
const with12 = (...suites: readonly string[]): ScanChange => ({
  suites: { "TLSv1.2": [GCM, ...suites], "TLSv1.3": ["TLS_AES_256_GCM_SHA384"] },
});
const problem = (...problems: readonly string[]): ScanChange => ({
  certificates: [exampleCertificate({ problems })],
});
const rsa = (keyBits: number) => exampleCertificate({ keyType: "RSA", keyBits, chain: [] });

const trust: readonly [name: string, change: ScanChange, grade: string, ignored: string][] = [
  ["other names", problem("name-mismatch"), "M", "A+"],
  ["no names", problem("no-san"), "M", "A+"],
  ["self-signed", problem("self-signed"), "T", "A+"],
  ["expired", problem("expired"), "T", "A+"],
  ["not yet valid", problem("not-yet-valid"), "T", "A+"],
  ["untrusted and no TLS 1.3", { ...only12(GCM), ...problem("untrusted") }, "T", "A-"],
  ["not for its issuer to certify", problem("name-constraints"), "T", "A+"],
  ["by an issuer that may not issue", problem("invalid-issuer"), "T", "A+"],
  ["an unknown critical extension", problem("unknown-critical"), "T", "A+"],
  ["not for servers", problem("wrong-eku"), "T", "A+"],
  ["revoked by its own staple", problem("revoked"), "T", "A+"],
  [
    "broken DER",
    { certificates: [exampleCertificate({ trusted: "no", problems: ["broken-der"] })] },
    "T",
    "A+",
  ],
  ["M hides T", problem("untrusted", "name-mismatch"), "M", "A+"],
  ["revoked", { staple: "revoked" }, "T", "A+"],
  [
    "SHA-1",
    {
      certificates: [
        exampleCertificate({ problems: ["weak-signature"], signature: "sha1WithRSAEncryption" }),
      ],
    },
    "T",
    "A+",
  ],
  [
    "expired with NULL suites",
    { ...with12("TLS_RSA_WITH_NULL_SHA"), ...problem("expired") },
    "T",
    "F",
  ],
];
for (const [name, change, letter, ignored] of trust) {
  test(`gradeTls: ${name} is ${letter}, ${ignored} if trust is ignored`, () => {
    const grade = gradeTls(exampleScan(change), { hsts: LONG });
    assert.deepEqual([grade?.grade, grade?.ifTrustIgnored], [letter, ignored]);
    assert.ok((grade?.score ?? 0) > 0);
  });
}

for (const signature of ["md2WithRSAEncryption", "md5WithRSAEncryption"]) {
  test(`gradeTls: ${signature} is F whatever else`, () => {
    const old = exampleCertificate({ problems: ["weak-signature"], signature });
    assert.equal(gradeTls(exampleScan({ certificates: [old] }), { hsts: LONG })?.grade, "F");
  });
}

test("gradeTls: trust by the operator's CA is trust, and the notes say so", () => {
  const own = exampleScan({ certificates: [exampleCertificate({ trusted: "by-your-ca" })] });
  const grade = gradeTls(own, { hsts: LONG });
  assert.deepEqual([grade?.grade, grade?.caps], ["A+", []]);
  assert.deepEqual(grade?.notes, [
    "graded as trusted: by your CA (--cacert); a client without it sees T",
  ]);
  assert.deepEqual(gradeTls(exampleScan(), { hsts: LONG })?.notes, []);
});

test("gradeTls: what the key exchange lacks is named", () => {
  const weak = exampleScan({
    ...with12("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
    dhBits: 768,
    certificates: [rsa(1024)],
  });
  const said = gradeTls(weak, { hsts: LONG })?.caps.map(({ because }) => because) ?? [];
  assert.ok(
    said.includes("key exchange under 1024 bits: DH parameters of 768 bits, export suites"),
    said.join("; "),
  );
  const small = exampleScan({ certificates: [rsa(1024), rsa(2047)] });
  assert.deepEqual(gradeTls(small, { hsts: LONG })?.caps, [
    {
      to: "B",
      because: "key exchange under 2048 bits: RSA key of 1024 bits, RSA key of 2047 bits",
    },
  ]);
});

test("gradeTls: A+ needs HSTS of six months", () => {
  const grade = (hsts: Parameters<typeof gradeTls>[1]["hsts"]) =>
    gradeTls(exampleScan(), { hsts })?.grade;
  assert.equal(grade(LONG), "A+");
  assert.equal(grade({ maxAgeSeconds: 15_767_999 }), "A");
  assert.equal(grade(null), "A");
  assert.equal(grade("unknown"), "A");
  assert.equal(grade({ maxAgeSeconds: 0 }), "A-");
});

const HSTS_OPEN = "HSTS was not asked for, A+ needs it";
const unaskedHsts: readonly [name: string, change: ScanChange, provisional: readonly string[]][] = [
  ["A", {}, [HSTS_OPEN]],
  ["A under T", { certificates: [exampleCertificate({ problems: ["expired"] })] }, [HSTS_OPEN]],
  ["A-", { secureRenegotiation: false }, []],
  ["B", { protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] }, []],
  ["F", { vulnerable: ["heartbleed"] }, []],
  ["A without the fallback SCSV", { fallbackScsv: "unsupported" }, []],
];
for (const [name, change, provisional] of unaskedHsts) {
  test(`gradeTls: HSTS that was not asked for leaves ${name} ${provisional.length > 0 ? "open" : "as it is"}`, () => {
    assert.deepEqual(gradeTls(exampleScan(change), { hsts: "unknown" })?.provisional, provisional);
  });
}

test("gradeTls: no TLS has no grade, open questions make it provisional", () => {
  assert.equal(
    gradeTls(exampleScan({ state: "unknown", protocols: null }), { hsts: null }),
    undefined,
  );
  assert.equal(gradeTls(exampleScan({ suites: {} }), { hsts: null }), undefined);
  const open = exampleScan({
    protocolsUnknown: ["SSLv3"],
    suitesIncomplete: { "TLSv1.2": "rate limited" },
  });
  assert.deepEqual(gradeTls(open, { hsts: "unknown" })?.provisional, [
    "SSLv3 got no answer",
    "suites of TLSv1.2: rate limited",
    "HSTS was not asked for, A+ needs it",
  ]);
  assert.deepEqual(gradeTls(exampleScan(), { hsts: null })?.provisional, []);
  const provisional = (change: ScanChange) =>
    gradeTls(exampleScan(change), { hsts: null })?.provisional;
  const { vulnerabilities } = exampleScan();
  assert.deepEqual(provisional({ certificates: null }), ["no certificate was seen"]);
  assert.deepEqual(provisional({ certificates: [exampleCertificate({ trusted: "unknown" })] }), [
    "trust could not be checked: no system store",
  ]);
  assert.deepEqual(provisional(with12("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")), [
    "size of the DH prime",
  ]);
  const unasked = {
    ...exampleScan(),
    vulnerabilities: { ...vulnerabilities, robot: "unknown" },
  } as const;
  assert.deepEqual(gradeTls(unasked, { hsts: null })?.provisional, ["robot could not be told"]);
});
