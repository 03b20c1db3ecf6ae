import assert from "node:assert/strict";
import { test } from "node:test";

import { gradeTls } from "./tls-grade.ts";
import { exampleCertificate, exampleScan, type ScanChange } from "./tls-scan-example.ts";

const LONG = { maxAgeSeconds: 15_768_000 };
const GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
const CBC = "TLS_RSA_WITH_AES_128_CBC_SHA";
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

type Row = readonly [name: string, change: ScanChange, grade: string, parts: readonly number[]];

/** Parts: protocol, key exchange, cipher, score. */
const rows: readonly Row[] = [
  ["nothing to say", {}, "A+", [100, 90, 90, 93]],
  [
    "TLS 1.3 alone",
    { protocols: ["TLSv1.3"], suites: { "TLSv1.3": ["TLS_AES_256_GCM_SHA384"] } },
    "A+",
    [100, 90, 100, 97],
  ],
  ["no TLS 1.3", only12(GCM), "A-", [100, 90, 80, 89]],
  ["no secure renegotiation", { secureRenegotiation: false }, "A-", [100, 90, 90, 93]],
  ["no FALLBACK_SCSV", { fallbackScsv: "unsupported" }, "A", [100, 90, 90, 93]],
  ["TLS 1.0 too", { protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"] }, "B", [95, 90, 90, 92]],
  [
    "TLS 1.1 at best",
    { protocols: ["TLSv1.1"], suites: { "TLSv1.1": [CBC] } },
    "C",
    [95, 90, 80, 88],
  ],
  [
    "SSLv3 with CBC",
    { protocols: ["SSLv3", "TLSv1.2"], suites: { SSLv3: [CBC], "TLSv1.2": [GCM] } },
    "C",
    [90, 90, 80, 86],
  ],
  [
    "SSLv3 without CBC",
    {
      protocols: ["SSLv3", "TLSv1.2"],
      suites: { SSLv3: ["TLS_RSA_WITH_RC4_128_SHA"], "TLSv1.2": [GCM] },
    },
    "B",
    [90, 90, 80, 86],
  ],
  ["SSLv3 at best", { protocols: ["SSLv3"], suites: { SSLv3: [CBC] } }, "F", [80, 90, 80, 83]],
  [
    "SSLv2 alone",
    { protocols: ["SSLv2"], suites: { SSLv2: [] }, certificates: [], vulnerable: ["drown"] },
    "F",
    [0, 90, 0, 0],
  ],
  [
    "SSLv2 beside TLS",
    {
      protocols: ["SSLv2", "TLSv1.2"],
      suites: { SSLv2: ["SSL_CK_RC4_128_WITH_MD5"], "TLSv1.2": [GCM] },
    },
    "F",
    [50, 90, 80, 74],
  ],
  ["DROWN by the key of another port", { vulnerable: ["drown"] }, "F", [100, 90, 90, 93]],
  ["RSA 1024", { certificates: [rsa(1024)] }, "B", [100, 80, 90, 90]],
  ["RSA 1023", { certificates: [rsa(1023)] }, "F", [100, 40, 90, 78]],
  ["RSA 512", { certificates: [rsa(511)] }, "F", [100, 20, 90, 72]],
  ["RSA 2048", { certificates: [rsa(2048)] }, "A+", [100, 90, 90, 93]],
  ["RSA 4096", { certificates: [rsa(4096)] }, "A+", [100, 100, 90, 96]],
  [
    "P-384",
    { certificates: [exampleCertificate({ keyBits: 384, chain: [] })] },
    "A+",
    [100, 100, 90, 96],
  ],
  [
    "the weaker of two certificates counts",
    { certificates: [rsa(4096), rsa(1024)] },
    "B",
    [100, 80, 90, 90],
  ],
  [
    "exponent 1",
    { certificates: [exampleCertificate({ keyType: "RSA", keyBits: 2048, exponent: 1 })] },
    "F",
    [100, 0, 90, 0],
  ],
  [
    "DH 1024",
    { ...with12("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), dhBits: 1024 },
    "B",
    [100, 80, 90, 90],
  ],
  [
    "DH 1023",
    { ...with12("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), dhBits: 1023 },
    "F",
    [100, 40, 90, 78],
  ],
  ["a small curve", { groups: ["x25519", "secp192r1"] }, "B", [100, 80, 90, 90]],
  ["P-224", { groups: ["x25519", "secp224r1"] }, "A+", [100, 90, 90, 93]],
  ["NULL", with12("TLS_RSA_WITH_NULL_SHA"), "F", [100, 90, 50, 77]],
  ["anonymous", with12("TLS_DH_anon_WITH_AES_128_CBC_SHA"), "F", [100, 0, 90, 0]],
  ["export", with12("TLS_RSA_EXPORT_WITH_RC4_40_MD5"), "F", [100, 40, 60, 66]],
  ["DES", with12("TLS_RSA_WITH_DES_CBC_SHA"), "F", [100, 90, 60, 81]],
  ["3DES with TLS 1.2", with12("TLS_RSA_WITH_3DES_EDE_CBC_SHA"), "C", [100, 90, 60, 81]],
  [
    "3DES with TLS 1.0 alone",
    {
      protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"],
      suites: {
        TLSv1: ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"],
        "TLSv1.2": [GCM],
        "TLSv1.3": ["TLS_AES_256_GCM_SHA384"],
      },
    },
    "B",
    [95, 90, 60, 80],
  ],
  ["RC4 with TLS 1.2", with12("TLS_RSA_WITH_RC4_128_SHA"), "C", [100, 90, 90, 93]],
  ["RC4 alone", only12("TLS_RSA_WITH_RC4_128_SHA"), "F", [100, 90, 80, 89]],
  ["no forward secrecy", only12("TLS_RSA_WITH_AES_128_GCM_SHA256"), "B", [100, 90, 80, 89]],
  ["no AEAD", only12("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), "B", [100, 90, 80, 89]],
  ["incomplete chain", problem("incomplete-chain"), "B", [100, 90, 90, 93]],
  ["expires soon", problem("expires-soon", "root-sent", "too-long"), "A+", [100, 90, 90, 93]],
  ["CCS injection", { vulnerable: ["ccs-injection"] }, "F", [100, 90, 90, 93]],
  ["Ticketbleed", { vulnerable: ["ticketbleed"] }, "F", [100, 90, 90, 93]],
  ["a key of ROCA", problem("roca"), "F", [100, 90, 90, 93]],
  [
    "by the operator's CA",
    { certificates: [exampleCertificate({ trusted: "by-your-ca" })] },
    "A+",
    [100, 90, 90, 93],
  ],
  ["broken DER of a certificate nobody needs", problem("broken-der"), "A+", [100, 90, 90, 93]],
  [
    "3DES with TLS 1.1",
    {
      protocols: ["TLSv1.1", "TLSv1.2", "TLSv1.3"],
      suites: { "TLSv1.1": ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"], "TLSv1.2": [GCM] },
    },
    "C",
    [97.5, 90, 50, 76],
  ],
  [
    "RC4 with TLS 1.0 alone",
    {
      protocols: ["TLSv1", "TLSv1.2", "TLSv1.3"],
      suites: { TLSv1: ["TLS_RSA_WITH_RC4_128_SHA"], "TLSv1.2": [GCM] },
    },
    "B",
    [95, 90, 80, 88],
  ],
  [
    "SSLv3 without CBC in it, CBC elsewhere",
    {
      protocols: ["SSLv3", "TLSv1.2"],
      suites: { SSLv3: ["TLS_RSA_WITH_RC4_128_SHA"], "TLSv1.2": [CBC, GCM] },
    },
    "B",
    [90, 90, 80, 86],
  ],
  ["112 bits", with12("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"), "C", [100, 90, 60, 81]],
  [
    "GOST of TLS 1.3 alone",
    {
      protocols: ["TLSv1.3"],
      suites: { "TLSv1.3": ["TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_S"] },
    },
    "A+",
    [100, 90, 100, 97],
  ],
  ["CRIME", { vulnerable: ["crime"] }, "C", [100, 90, 90, 93]],
  ["Heartbleed", { vulnerable: ["heartbleed"] }, "F", [100, 90, 90, 93]],
  ["ROBOT", { vulnerable: ["robot"] }, "F", [100, 90, 90, 93]],
  ["insecure renegotiation", { vulnerable: ["insecure-renegotiation"] }, "F", [100, 90, 90, 93]],
  [
    "BEAST, BREACH and SWEET32 cap nothing by themselves",
    { vulnerable: ["beast", "breach", "sweet32"] },
    "A+",
    [100, 90, 90, 93],
  ],
  [
    "score 88.5 is 88",
    {
      protocols: ["TLSv1", "TLSv1.3"],
      suites: {
        TLSv1: ["TLS_DHE_RSA_WITH_AES_128_CBC_SHA"],
        "TLSv1.3": ["TLS_AES_256_GCM_SHA384"],
      },
      dhBits: 1024,
    },
    "B",
    [95, 80, 90, 88],
  ],
];

for (const [name, change, letter, parts] of rows) {
  test(`gradeTls: ${name} is ${letter}`, () => {
    const grade = gradeTls(exampleScan(change), { hsts: LONG });
    assert.ok(grade !== undefined);
    const { protocolSupport, keyExchange, cipherStrength } = grade.parts;
    assert.deepEqual([protocolSupport, keyExchange, cipherStrength, grade.score], parts);
    assert.equal(grade.grade, letter);
    assert.equal(grade.ifTrustIgnored, undefined);
  });
}
