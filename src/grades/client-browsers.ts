import {
  type ClientProfile,
  client,
  cross,
  modern,
  NIST,
  SIGNATURES,
  SINCE_TLS10,
  SINCE_TLS12,
  UP_TO_TLS12,
} from "./client-profile.ts";

const HERE = "captured on loopback with scripts/capture-client.ts, Debian 12, 2026-11-28";
const PUBLISHED = "hello published with testssl.sh 3.3dev (9fdf802, 2026-06-25)";
const ANDROID = `versions and suites of developer.android.com SSLSocket, checked against ${PUBLISHED}`;

const HYBRID = "X25519MLKEM768";
const CURVES = ["x25519", "secp256r1", "secp384r1"];
const ECDHE = "ECDHE_ECDSA ECDHE_RSA";

const BORING = [
  ...cross(ECDHE, "A128 A256 CHACHA"),
  ...cross("ECDHE_RSA", "CBC128 CBC256"),
  ...cross("RSA", "A128 A256 CBC128 CBC256"),
];
const CHROME = {
  protocols: SINCE_TLS12,
  suites: [...modern("A128 A256 CHACHA"), ...BORING],
  groups: [HYBRID, ...CURVES],
  keyShares: [HYBRID, "x25519"],
};
const APPLE = [
  ...cross("ECDHE_ECDSA", "A256 A128 CHACHA"),
  ...cross("ECDHE_RSA", "A256 A128 CHACHA"),
  ...cross("ECDHE_ECDSA", "CBC256 CBC128"),
  ...cross("ECDHE_RSA", "CBC256 CBC128"),
  ...cross("RSA", "A256 A128 CBC256 CBC128"),
  ...cross(`${ECDHE} RSA`, "3DES"),
];
const CBC_OF_2019 = "A256 A128 CBC256-384 CBC128-256 CBC256 CBC128";
const CONSCRYPT = [
  ...cross("ECDHE_ECDSA", "A128 A256 CHACHA"),
  ...cross("ECDHE_RSA", "A128 A256 CHACHA"),
  ...cross("ECDHE_ECDSA", "CBC128 CBC256"),
  ...cross("ECDHE_RSA", "CBC128 CBC256"),
  ...cross("RSA", "A128 A256 CBC128 CBC256"),
];
const BORING_SHA1 = [...SIGNATURES.boring, "rsa_pkcs1_sha1"];

/** Browsers and the stacks of their systems. */
export const BROWSERS: readonly ClientProfile[] = [
  client({
    name: "Chrome 156",
    source: `Chromium 156.0.8078.108, ${HERE}`,
    ...CHROME,
    signatures: [...SIGNATURES.mldsa, ...SIGNATURES.boring],
  }),
  client({ name: "Edge 133", source: PUBLISHED, ...CHROME, signatures: SIGNATURES.boring }),
  client({
    name: "Firefox 153",
    source: `Firefox 153.8.0esr, ${HERE}`,
    protocols: SINCE_TLS12,
    suites: [
      ...modern("A128 CHACHA A256"),
      ...cross(ECDHE, "A128 CHACHA A256"),
      ...cross("ECDHE_ECDSA", "CBC256"),
      ...cross("ECDHE_RSA", "CBC128 CBC256"),
      ...cross("RSA", "A128 A256 CBC128 CBC256"),
    ],
    groups: [HYBRID, "x25519", ...NIST, "ffdhe2048", "ffdhe3072"],
    keyShares: [HYBRID, "x25519", "secp256r1"],
    signatures: SIGNATURES.nss,
    // NSS's least sizes, in bits.
    rsaBitsMin: 1023,
    dhBitsMin: 1023,
  }),
  client({
    name: "Safari 26 (macOS, iOS)",
    source: `Safari 26.4, ${PUBLISHED}`,
    protocols: SINCE_TLS12,
    suites: [...modern("A256 CHACHA A128"), ...APPLE],
    groups: [HYBRID, "x25519", ...NIST],
    keyShares: [HYBRID, "x25519"],
    signatures: BORING_SHA1,
    // RSA 2048 and SHA-2 since macOS 10.15 and iOS 13 (support.apple.com/103769).
    rsaBitsMin: 2048,
  }),
  client({
    name: "Safari 18 (macOS, iOS)",
    source: `Safari 18.4, ${PUBLISHED}`,
    protocols: SINCE_TLS10,
    suites: [...modern("A128 A256 CHACHA"), ...APPLE],
    groups: ["x25519", ...NIST],
    signatures: BORING_SHA1,
    rsaBitsMin: 2048,
  }),
  client({
    name: "Safari 12 (iOS 12)",
    source: `Safari 12.1 on iOS 12.2, ${PUBLISHED}`,
    protocols: SINCE_TLS10,
    suites: [
      ...modern("CHACHA A128 A256"),
      ...cross("ECDHE_ECDSA", `${CBC_OF_2019} CHACHA`),
      ...cross("ECDHE_RSA", `${CBC_OF_2019} CHACHA`),
      ...cross("RSA", "A256 A128 CBC256-256 CBC128-256 CBC256 CBC128"),
      ...cross(`${ECDHE} RSA`, "3DES"),
    ],
    groups: ["x25519", ...NIST],
    signatures: [...BORING_SHA1, "ecdsa_sha1"],
  }),
  client({
    name: "IE 11 (Windows 10)",
    source: PUBLISHED,
    protocols: UP_TO_TLS12,
    suites: [
      ...cross("ECDHE_ECDSA", "A256 A128"),
      ...cross("ECDHE_RSA", "A256 A128"),
      ...cross("DHE_RSA", "A256 A128"),
      ...cross("ECDHE_ECDSA", "CBC256-384 CBC128-256"),
      ...cross("ECDHE_RSA", "CBC256-384 CBC128-256"),
      ...cross("ECDHE_ECDSA", "CBC256 CBC128"),
      ...cross("ECDHE_RSA", "CBC256 CBC128"),
      ...cross("DHE_RSA", "CBC256 CBC128"),
      ...cross("RSA", "A256 A128 CBC256-256 CBC128-256 CBC256 CBC128 3DES"),
      ...cross("DHE_DSS", "CBC256-256 CBC128-256 CBC256 CBC128 3DES"),
    ],
    groups: ["secp256r1", "secp384r1"],
    signatures: SIGNATURES.old.filter((scheme) => !scheme.endsWith("224")).concat("dsa_sha1"),
    dhBitsMax: 4096,
  }),
  ...androids(),
];

/**
 * Apps on Android: Conscrypt of the system. Chrome on Android is Chrome. Draft ChaCha20 suites of 5 and 6
 * are left out, no server has them any more. Conscrypt of the system has no ML-KEM up to Android 16
 * (bitwarden/android issue 5396, 2025-06).
 */
function androids(): readonly ClientProfile[] {
  const curves = { groups: CURVES, signatures: BORING_SHA1, source: ANDROID };
  const old = { signatures: SIGNATURES.old, takesSha1Certificates: true, source: PUBLISHED };
  return [
    client({
      name: "Android 13 to 16",
      ...curves,
      protocols: SINCE_TLS12,
      suites: [...modern("A128 A256 CHACHA"), ...CONSCRYPT],
    }),
    client({
      name: "Android 10 to 12",
      ...curves,
      protocols: SINCE_TLS10,
      suites: [...modern("A128 A256 CHACHA"), ...CONSCRYPT],
    }),
    client({
      name: "Android 8 and 9",
      ...curves,
      protocols: UP_TO_TLS12,
      suites: CONSCRYPT,
      takesSha1Certificates: true,
    }),
    // P-256 alone, which 7.1.1 mended.
    client({
      name: "Android 7.0",
      ...old,
      protocols: UP_TO_TLS12,
      suites: [
        ...cross("ECDHE_ECDSA", "A128 A256 CHACHA"),
        ...cross("ECDHE_RSA", "A128 A256 CHACHA"),
        ...cross("ECDHE_RSA", "CBC128 CBC256"),
        ...cross("RSA", "A128 A256 CBC128 CBC256"),
      ],
      groups: ["secp256r1"],
    }),
    client({
      name: "Android 6.0",
      ...old,
      protocols: UP_TO_TLS12,
      suites: [
        ...cross(`${ECDHE} DHE_RSA`, "A128 CBC256 CBC128"),
        ...cross("RSA", "A128 CBC256 CBC128 3DES"),
      ],
      groups: ["secp256r1", "secp384r1"],
    }),
    client({
      name: "Android 5.0",
      ...old,
      signatures: [...SIGNATURES.old, ...SIGNATURES.dsa, "rsa_pkcs1_md5"],
      // SSLv3 is on up to API level 22.
      protocols: ["SSLv3", ...UP_TO_TLS12],
      suites: [
        ...cross("ECDHE_RSA ECDHE_ECDSA DHE_RSA DHE_DSS RSA", "CBC256 3DES"),
        ...cross("ECDHE_RSA ECDHE_ECDSA", "A128 CBC128"),
        ...cross("DHE_DSS DHE_RSA", "A128"),
        ...cross("DHE_RSA DHE_DSS", "CBC128"),
        ...cross("RSA", "A128 CBC128"),
        ...cross("ECDHE_RSA ECDHE_ECDSA RSA", "RC4_128_SHA"),
        ...cross("RSA", "RC4_128_MD5"),
      ],
      groups: ["secp521r1", "secp384r1", "secp256r1"],
    }),
  ];
}
