import {
  type ClientProfile,
  client,
  cross,
  FFDHE,
  modern,
  NIST,
  SIGNATURES,
  SINCE_TLS10,
  SINCE_TLS12,
  UP_TO_TLS12,
} from "./client-profile.ts";

const HERE = "captured on loopback with scripts/capture-client.ts, Debian 12, 2026-11-28";
const PUBLISHED = "hello published with testssl.sh 3.3dev (9fdf802, 2026-06-25)";

const HYBRID = "X25519MLKEM768";
const ECDHE = "ECDHE_ECDSA ECDHE_RSA";
const MODERN = modern("A256 CHACHA A128");
const OPENSSL_CURVES = ["x25519", "secp256r1", "x448", "secp521r1", "secp384r1"];

/** OpenSSL's `DEFAULT` since 1.1.0, all of them but PSK and SRP. */
const OPENSSL = [
  ...cross(`${ECDHE} DHE_RSA`, "A256 CHACHA A128"),
  ...cross(ECDHE, "CBC256-384"),
  ...cross("DHE_RSA", "CBC256-256"),
  ...cross(`${ECDHE} DHE_RSA`, "CBC128-256 CBC256 CBC128"),
  ...cross("RSA", "A256 A128 CBC256-256 CBC128-256 CBC256 CBC128"),
];
const FIXED_DH = "DH_DSS DHE_DSS DH_RSA DHE_RSA";
const DHE_CBC = "DHE_RSA DHE_DSS DH_RSA DH_DSS";
const FIXED_ECDH = "ECDH_RSA ECDH_ECDSA";
const OPENSSL_102 = [
  ...cross("ECDHE_RSA ECDHE_ECDSA", "A256 CBC256-384 CBC256"),
  ...cross(FIXED_DH, "A256"),
  ...cross(DHE_CBC, "CBC256-256 CBC256 CAM256"),
  ...cross(FIXED_ECDH, "A256 CBC256-384 CBC256"),
  ...cross("RSA", "A256 CBC256-256 CBC256 CAM256"),
  ...cross("ECDHE_RSA ECDHE_ECDSA", "A128 CBC128-256 CBC128"),
  ...cross(FIXED_DH, "A128"),
  ...cross(DHE_CBC, "CBC128-256 CBC128 SEED_CBC_SHA CAM128"),
  ...cross(FIXED_ECDH, "A128 CBC128-256 CBC128"),
  ...cross("RSA", "A128 CBC128-256 CBC128 SEED_CBC_SHA CAM128 IDEA_CBC_SHA"),
  ...cross(`ECDHE_RSA ECDHE_ECDSA ${FIXED_ECDH} RSA`, "RC4_128_SHA"),
  ...cross("RSA", "RC4_128_MD5"),
  ...cross(`ECDHE_RSA ECDHE_ECDSA ${DHE_CBC} ${FIXED_ECDH} RSA`, "3DES"),
];
const BINARY_CURVES = [
  "sect571r1",
  "sect571k1",
  "sect409k1",
  "sect409r1",
  "sect283k1",
  "sect283r1",
];

/** Security level 2, as Debian sets it and OpenSSL itself since 3.2 (SSL_CTX_set_security_level(3)). */
const LEVEL_2 = { rsaBitsMin: 2048, dhBitsMin: 2048 } as const;
const OPENSSL_30 = {
  protocols: SINCE_TLS10,
  suites: [...MODERN, ...OPENSSL],
  groups: [...OPENSSL_CURVES, ...FFDHE],
  signatures: SIGNATURES.openssl,
  ...LEVEL_2,
};
const OPENSSL_35_GROUPS = [
  HYBRID,
  "x25519",
  "secp256r1",
  "x448",
  "secp384r1",
  "secp521r1",
  "ffdhe2048",
  "ffdhe3072",
];
const OPENSSL_35_SIGNATURES = [
  ...SIGNATURES.mldsa,
  ...SIGNATURES.openssl,
  "ecdsa_brainpoolP256r1tls13_sha256",
  "ecdsa_brainpoolP384r1tls13_sha384",
  "ecdsa_brainpoolP512r1tls13_sha512",
];

const JAVA_AEAD = [
  ...modern("A256 A128 CHACHA"),
  ...cross("ECDHE_ECDSA", "A256 A128 CHACHA"),
  ...cross("ECDHE_RSA", "A256 CHACHA A128"),
  ...cross("DHE_RSA", "A256 CHACHA"),
  ...cross("DHE_DSS", "A256"),
  ...cross("DHE_RSA DHE_DSS", "A128"),
];
const JAVA_CBC = [
  ...cross(ECDHE, "CBC256-384 CBC128-256"),
  ...cross("DHE_RSA DHE_DSS", "CBC256-256 CBC128-256"),
  ...cross(ECDHE, "CBC256 CBC128"),
  ...cross("DHE_RSA DHE_DSS", "CBC256 CBC128"),
];
const JAVA_GROUPS = ["x25519", ...NIST, "x448", ...FFDHE];
const OLD_JAVA_ALL = `${ECDHE} RSA ECDH_ECDSA ECDH_RSA DHE_RSA DHE_DSS`;
const OLD_JAVA_CBC = [
  ...cross(ECDHE, "CBC256-384"),
  ...cross("RSA", "CBC256-256"),
  ...cross("ECDH_ECDSA ECDH_RSA", "CBC256-384"),
  ...cross("DHE_RSA DHE_DSS", "CBC256-256"),
  ...cross(OLD_JAVA_ALL, "CBC256 CBC128-256 CBC128"),
];
const OLD_JAVA_GCM = [
  ...cross("ECDHE_ECDSA", "A256 A128"),
  ...cross("ECDHE_RSA RSA ECDH_ECDSA ECDH_RSA DHE_RSA DHE_DSS", "A256 A128"),
];
const OLD_JAVA_CURVES = [
  ...NIST,
  "sect283k1",
  "sect283r1",
  "sect409k1",
  "sect409r1",
  "sect571k1",
  "sect571r1",
  "secp256k1",
];
const SHA1_SIGNATURES = [...SIGNATURES.sha1, "dsa_sha1"];

/** Libraries and the programs on them. */
export const LIBRARIES: readonly ClientProfile[] = [
  ...javas(),
  ...opensslProfiles(),
  client({
    name: "curl 7.88 (Debian 12)",
    source: `curl 7.88.1, OpenSSL 3.0.19, ${HERE}`,
    ...OPENSSL_30,
  }),
  client({
    name: "wget 1.21 (GnuTLS 3.7)",
    source: `GNU Wget 1.21.3, GnuTLS 3.7.9, ${HERE}`,
    protocols: SINCE_TLS10,
    suites: [
      ...modern("A256 CHACHA A128 AES_128_CCM_SHA256"),
      ...cross("ECDHE_ECDSA", "A256 CHACHA AES_256_CCM CBC256 A128 AES_128_CCM CBC128"),
      ...cross("ECDHE_RSA", "A256 CHACHA CBC256 A128 CBC128"),
      ...cross("RSA", "A256 AES_256_CCM CBC256 A128 AES_128_CCM CBC128"),
      ...cross("DHE_RSA", "A256 CHACHA AES_256_CCM CBC256 A128 AES_128_CCM CBC128"),
    ],
    groups: [...NIST, "x25519", "x448", ...FFDHE],
    keyShares: ["secp256r1", "x25519"],
    signatures: SIGNATURES.gnutls,
  }),
  client({
    name: "Python 3.10+ (OpenSSL 3.0)",
    source: `CPython 3.10.13 to 3.13.0, OpenSSL 3.0.19, ${HERE}`,
    protocols: SINCE_TLS12,
    suites: [
      ...MODERN,
      ...cross(ECDHE, "A256 A128 CHACHA CBC256-384 CBC128-256"),
      ...cross("DHE_RSA", "A256 A128 CBC256-256 CBC128-256"),
    ],
    groups: [...OPENSSL_CURVES, ...FFDHE],
    signatures: SIGNATURES.openssl,
    // CPython sets level 2 (bpo-43998).
    ...LEVEL_2,
  }),
  client({
    name: "Go 1.19",
    source: `Go 1.19.8 net/http, ${HERE}`,
    protocols: SINCE_TLS12,
    suites: [
      ...cross(ECDHE, "A128 A256 CHACHA CBC128 CBC256"),
      ...cross("RSA", "A128 A256 CBC128 CBC256"),
      ...cross("ECDHE_RSA RSA", "3DES"),
      ...modern("A128 A256 CHACHA"),
    ],
    groups: ["x25519", ...NIST],
    signatures: SIGNATURES.go,
    rsaBitsMin: 0,
  }),
];

function javas(): readonly ClientProfile[] {
  return [
    client({
      name: "Java 25, 11.0.32",
      source: `Temurin 25, ${HERE}; OpenJDK 11.0.32 has the same defaults (jdk11u 40e582d, 2026-06-22)`,
      protocols: SINCE_TLS12,
      suites: [...JAVA_AEAD, ...JAVA_CBC],
      groups: JAVA_GROUPS,
      keyShares: ["x25519", "secp256r1"],
      signatures: SIGNATURES.java,
      takesSha1Certificates: true,
    }),
    client({
      name: "Java 17",
      source: `OpenJDK 17.0.15, ${HERE}`,
      protocols: SINCE_TLS12,
      suites: [
        ...JAVA_AEAD,
        ...JAVA_CBC,
        ...cross("RSA", "A256 A128 CBC256-256 CBC128-256 CBC256 CBC128"),
      ],
      groups: JAVA_GROUPS,
      keyShares: ["x25519", "secp256r1"],
      signatures: [...SIGNATURES.java, ...SHA1_SIGNATURES],
      takesSha1Certificates: true,
    }),
    client({
      name: "Java 11.0.2",
      source: `OpenJDK 11.0.2 (2019), ${PUBLISHED}`,
      protocols: SINCE_TLS10,
      suites: [...modern("A128 A256"), ...OLD_JAVA_GCM, ...OLD_JAVA_CBC],
      groups: [...OLD_JAVA_CURVES, ...FFDHE],
      signatures: [
        ...SIGNATURES.java.filter((scheme) => !scheme.startsWith("ed")),
        ...SHA1_SIGNATURES,
      ],
      takesSha1Certificates: true,
    }),
    client({
      name: "Java 8u161",
      source: `Oracle Java 8u161 (2018), ${PUBLISHED}`,
      protocols: UP_TO_TLS12,
      suites: [...OLD_JAVA_CBC, ...OLD_JAVA_GCM, ...cross(OLD_JAVA_ALL, "3DES")],
      groups: OLD_JAVA_CURVES,
      signatures: [
        ...SIGNATURES.old.filter((scheme) => !scheme.endsWith("224")),
        "dsa_sha256",
        "dsa_sha1",
      ],
      takesSha1Certificates: true,
    }),
  ];
}

function opensslProfiles(): readonly ClientProfile[] {
  const old = {
    protocols: UP_TO_TLS12,
    suites: OPENSSL_102,
    groups: [
      "secp256r1",
      "secp521r1",
      "brainpoolP512r1",
      "brainpoolP384r1",
      "secp384r1",
      "brainpoolP256r1",
      "secp256k1",
      ...BINARY_CURVES,
    ],
    signatures: [...SIGNATURES.old, ...SIGNATURES.dsa],
    takesSha1Certificates: true,
    rsaBitsMin: 0,
  };
  return [
    client({
      name: "OpenSSL 3.5",
      source: `OpenSSL 3.5.8 with its own defaults in Node 24, ${HERE}`,
      protocols: SINCE_TLS12,
      suites: [...MODERN, ...OPENSSL],
      groups: OPENSSL_35_GROUPS,
      keyShares: [HYBRID, "x25519"],
      signatures: OPENSSL_35_SIGNATURES,
      ...LEVEL_2,
    }),
    client({ name: "OpenSSL 3.0 (Debian 12)", source: `OpenSSL 3.0.19, ${HERE}`, ...OPENSSL_30 }),
    client({
      name: "OpenSSL 1.1.1",
      source: `OpenSSL 1.1.1n with its own defaults in Node 12, ${HERE}`,
      protocols: SINCE_TLS10,
      suites: [...MODERN, ...OPENSSL],
      groups: OPENSSL_CURVES,
      signatures: [...SIGNATURES.openssl, ...SHA1_SIGNATURES],
      takesSha1Certificates: true,
    }),
    client({
      name: "OpenSSL 1.0.2",
      source: `OpenSSL 1.0.2s with its own defaults in Node 8, ${HERE}`,
      ...old,
    }),
    client({
      name: "OpenSSL 1.0.2, no SNI",
      source: `as OpenSSL 1.0.2; s_client without -servername, ${HERE}`,
      ...old,
      sendsServerName: false,
    }),
  ];
}
