import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleCertificate, exampleScan, type ScanChange } from "../core/tls-scan-example.ts";
import { conformanceOf } from "./mozilla.ts";
import { gradeTls, toReportGrade } from "./ssl-labs.grade.ts";

const HSTS = { maxAgeSeconds: 63_072_000 };
const ONLY13: ScanChange = {
  protocols: ["TLSv1.3"],
  suites: {
    "TLSv1.3": ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
  },
};
const add12 = (suite: string): ScanChange => {
  const { suites } = exampleScan();
  return { suites: { ...suites, "TLSv1.2": [...(suites["TLSv1.2"] ?? []), suite] } };
};

const rows: readonly [name: string, change: ScanChange, profile: string][] = [
  ["TLS 1.3 alone", ONLY13, "modern"],
  ["TLS 1.2 and 1.3", {}, "intermediate"],
  [
    "DHE with AEAD, dropped in 6.0, is no weakness",
    add12("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    "intermediate",
  ],
  ["CBC", add12("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"), "neither"],
  ["TLS 1.1", { protocols: ["TLSv1.1", "TLSv1.2"] }, "neither"],
  ["a weak group", { groups: ["x25519", "secp192r1"] }, "neither"],
  ["no hybrid", { groups: ["x25519", "secp256r1", "secp384r1"] }, "intermediate"],
  ["stronger groups", { groups: ["x25519", "secp521r1", "ffdhe4096"] }, "intermediate"],
  [
    "RSA 2048 is not modern",
    {
      ...ONLY13,
      certificates: [
        exampleCertificate({ keyType: "RSA", keyBits: 2048, signature: "sha256WithRSAEncryption" }),
      ],
    },
    "intermediate",
  ],
  [
    "RSA 1024",
    {
      certificates: [
        exampleCertificate({ keyType: "RSA", keyBits: 1024, signature: "sha256WithRSAEncryption" }),
      ],
    },
    "neither",
  ],
  [
    "RSA 4096",
    {
      certificates: [
        exampleCertificate({ keyType: "RSA", keyBits: 4096, signature: "sha256WithRSAEncryption" }),
      ],
    },
    "intermediate",
  ],
  [
    "367 days",
    {
      certificates: [
        exampleCertificate({ notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-01-03T00:00:00Z" }),
      ],
    },
    "neither",
  ],
  ["DH 1024", { dhBits: 1024 }, "neither"],
  ["a version without answer", { protocolsUnknown: ["TLSv1"] }, "unknown"],
  [
    "a weakness decides without the answer",
    { protocols: ["TLSv1.1"], protocolsUnknown: ["TLSv1"] },
    "neither",
  ],
  [
    "no TLS",
    { state: "unknown", protocols: null, certificates: null, groups: null, suites: {} },
    "unknown",
  ],
];
for (const [name, change, profile] of rows) {
  test(`conformanceOf: ${name} is ${profile}`, () => {
    assert.equal(conformanceOf(exampleScan(change), { hsts: HSTS }).profile, profile);
  });
}

test("conformanceOf: the differences are named by their direction", () => {
  const scan = exampleScan({
    ...add12("TLS_RSA_WITH_AES_128_CBC_SHA"),
    groups: ["x25519", "secp256r1", "secp384r1"],
  });
  assert.deepEqual(conformanceOf(scan, { hsts: null }).differences.intermediate, [
    { level: "fail", what: "suite TLS_RSA_WITH_AES_128_CBC_SHA is offered" },
    { level: "info", what: "post-quantum group X25519MLKEM768 is not offered" },
    { level: "warn", what: "HSTS is missing (63072000 s wanted)" },
    { level: "info", what: "no OCSP staple" },
  ]);
});

test("toReportGrade: method, version and arithmetic", () => {
  const grade = gradeTls(exampleScan(), { hsts: HSTS });
  assert.ok(grade !== undefined);
  assert.deepEqual(toReportGrade(grade), {
    method: "ssl-labs",
    version: "2009r",
    grade: "A+",
    score: 93,
    caps: [],
    parts: { protocolSupport: 100, keyExchange: 90, cipherStrength: 90, provisional: [] },
  });
});
