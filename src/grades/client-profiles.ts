import type { TlsProtocol } from "../core/tls-scan.ts";

/** What a client's hello offers, in its order. */
export interface ClientProfile {
  readonly name: string;
  /** Oldest first. */
  readonly protocols: readonly TlsProtocol[];
  /** IANA names; those of TLS 1.3 first. */
  readonly suites: readonly string[];
  readonly groups: readonly string[];
  /** Least DH prime and RSA key it accepts, in bits. */
  readonly modulusBitsMin: number;
}

/** Every cipher with every key exchange, the cipher deciding the order. */
function cross(keyExchanges: readonly string[], ciphers: readonly string[]): readonly string[] {
  return ciphers.flatMap((cipher) => keyExchanges.map((kx) => `TLS_${kx}_WITH_${cipher}`));
}

const ECDHE = ["ECDHE_ECDSA", "ECDHE_RSA"];
const A128 = "AES_128_GCM_SHA256";
const A256 = "AES_256_GCM_SHA384";
const CHACHA = "CHACHA20_POLY1305_SHA256";
const CBC128 = "AES_128_CBC_SHA";
const CBC256 = "AES_256_CBC_SHA";
const TRIPLE = "3DES_EDE_CBC_SHA";
const modern = (...ciphers: readonly string[]) => ciphers.map((cipher) => `TLS_${cipher}`);

const SINCE_12: readonly TlsProtocol[] = ["TLSv1.2", "TLSv1.3"];
const UP_TO_12: readonly TlsProtocol[] = ["TLSv1", "TLSv1.1", "TLSv1.2"];
const ALL: readonly TlsProtocol[] = [...UP_TO_12, "TLSv1.3"];
const NIST = ["secp256r1", "secp384r1", "secp521r1"];
const FFDHE = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"];
const BROWSER = ["x25519", "secp256r1", "secp384r1"];

const CHROME_12 = [
  ...cross(ECDHE, [A128, A256, CHACHA]),
  ...cross(["ECDHE_RSA"], [CBC128, CBC256]),
  ...cross(["RSA"], [A128, A256, CBC128, CBC256]),
];
const OPENSSL_11_12 = [
  ...cross([...ECDHE, "DHE_RSA"], [A256, CHACHA, A128]),
  ...cross(ECDHE, ["AES_256_CBC_SHA384"]),
  ...cross(["DHE_RSA"], ["AES_256_CBC_SHA256"]),
  ...cross([...ECDHE, "DHE_RSA"], ["AES_128_CBC_SHA256", CBC256, CBC128]),
  ...cross(["RSA"], [A256, A128, "AES_256_CBC_SHA256", "AES_128_CBC_SHA256", CBC256, CBC128]),
];
const OPENSSL_10_12 = [
  ...cross(["ECDHE_RSA", "ECDHE_ECDSA"], [A256, "AES_256_CBC_SHA384", CBC256]),
  ...cross(["DHE_RSA"], [A256, "AES_256_CBC_SHA256", CBC256]),
  ...cross(["RSA"], [A256, "AES_256_CBC_SHA256", CBC256]),
  ...cross(["ECDHE_RSA", "ECDHE_ECDSA"], [A128, "AES_128_CBC_SHA256", CBC128]),
  ...cross(["DHE_RSA"], [A128, "AES_128_CBC_SHA256", CBC128]),
  ...cross(["RSA"], [A128, "AES_128_CBC_SHA256", CBC128]),
  ...cross(["ECDHE_RSA", "ECDHE_ECDSA", "DHE_RSA", "RSA"], [TRIPLE]),
];
const JAVA_CBC = [
  ...cross(ECDHE, ["AES_256_CBC_SHA384"]),
  ...cross(["RSA", "DHE_RSA"], ["AES_256_CBC_SHA256"]),
  ...cross([...ECDHE, "RSA", "DHE_RSA"], [CBC256, "AES_128_CBC_SHA256", CBC128]),
];
const OPENSSL_13 = modern(A256, CHACHA, A128);
const OPENSSL_GROUPS = ["x25519", "secp256r1", "x448", "secp521r1", "secp384r1"];
const ANDROID_OLD = [
  ...cross(ECDHE, [CBC256, CBC128]),
  ...cross(["DHE_RSA"], [CBC256, CBC128]),
  ...cross(["RSA"], [A128, CBC256, CBC128, "RC4_128_SHA"]),
];

/**
 * Clients whose connections are foretold, after what their makers document as default (BoringSSL, NSS,
 * the JDK's default suites and `jdk.tls.namedGroups`, OpenSSL's `DEFAULT` list, CPython's default
 * ciphers, Conscrypt). Written down in November 2026, not captured. Trust stores are left out.
 */
export const CLIENT_PROFILES: readonly ClientProfile[] = [
  client(
    "Chrome 143",
    SINCE_12,
    [...modern(A128, A256, CHACHA), ...CHROME_12],
    ["X25519MLKEM768", ...BROWSER],
  ),
  client(
    "Firefox 145",
    SINCE_12,
    [
      ...modern(A128, CHACHA, A256),
      ...cross(ECDHE, [A128, CHACHA, A256]),
      ...cross(["ECDHE_ECDSA"], [CBC256, CBC128]),
      ...cross(["ECDHE_RSA"], [CBC128, CBC256]),
      ...cross(["RSA"], [A128, A256, CBC128, CBC256]),
    ],
    ["X25519MLKEM768", ...BROWSER, "secp521r1", "ffdhe2048", "ffdhe3072"],
  ),
  client(
    "Safari 18",
    ALL,
    [
      ...modern(A128, A256, CHACHA),
      ...cross(["ECDHE_ECDSA"], [A256, A128, CHACHA]),
      ...cross(["ECDHE_RSA"], [A256, A128, CHACHA]),
      ...cross(["ECDHE_ECDSA"], [CBC256, CBC128]),
      ...cross(["ECDHE_RSA"], [CBC256, CBC128]),
      ...cross(["RSA"], [A256, A128, CBC256, CBC128]),
      ...cross([...ECDHE, "RSA"], [TRIPLE]),
    ],
    [...BROWSER, "secp521r1"],
  ),
  client(
    "Java 8u161",
    UP_TO_12,
    [
      ...JAVA_CBC,
      ...cross(["ECDHE_ECDSA"], [A256, A128]),
      ...cross(["ECDHE_RSA", "RSA", "DHE_RSA"], [A256]),
      ...cross(["ECDHE_RSA", "RSA", "DHE_RSA"], [A128]),
      ...cross([...ECDHE, "RSA", "DHE_RSA"], [TRIPLE]),
    ],
    NIST,
  ),
  client(
    "Java 11",
    SINCE_12,
    [
      ...modern(A128, A256),
      ...cross(["ECDHE_ECDSA"], [A256, A128]),
      ...cross(["ECDHE_RSA", "RSA", "DHE_RSA"], [A256]),
      ...cross(["ECDHE_RSA", "RSA", "DHE_RSA"], [A128]),
      ...JAVA_CBC,
    ],
    [...NIST, ...FFDHE],
  ),
  client(
    "Java 17",
    SINCE_12,
    [
      ...modern(A256, A128, CHACHA),
      ...cross(["ECDHE_ECDSA"], [A256, A128, CHACHA]),
      ...cross(["ECDHE_RSA"], [A256, CHACHA, A128]),
      ...cross(["DHE_RSA"], [A256, CHACHA, A128]),
      ...JAVA_CBC.filter((suite) => !suite.startsWith("TLS_RSA_")),
      ...cross(["RSA"], [A256, A128]),
      ...JAVA_CBC.filter((suite) => suite.startsWith("TLS_RSA_")),
    ],
    ["x25519", ...NIST, "x448", ...FFDHE],
  ),
  client("OpenSSL 1.0.2", UP_TO_12, OPENSSL_10_12, ["secp256r1", "secp521r1", "secp384r1"]),
  client("OpenSSL 1.1.1", ALL, [...OPENSSL_13, ...OPENSSL_11_12], OPENSSL_GROUPS),
  client("OpenSSL 3.0", SINCE_12, [...OPENSSL_13, ...OPENSSL_11_12], [...OPENSSL_GROUPS, ...FFDHE]),
  client(
    "OpenSSL 3.5",
    SINCE_12,
    [...OPENSSL_13, ...OPENSSL_11_12],
    ["X25519MLKEM768", ...OPENSSL_GROUPS, ...FFDHE.slice(0, 2)],
  ),
  client(
    "curl 8 (OpenSSL 3.0)",
    SINCE_12,
    [...OPENSSL_13, ...OPENSSL_11_12],
    [...OPENSSL_GROUPS, ...FFDHE],
  ),
  client(
    "Python 3.10+ (OpenSSL 3.0)",
    SINCE_12,
    [
      ...OPENSSL_13,
      ...cross(ECDHE, [A256, A128, CHACHA, "AES_256_CBC_SHA384", "AES_128_CBC_SHA256"]),
      ...cross(["DHE_RSA"], [A256, A128, "AES_256_CBC_SHA256", "AES_128_CBC_SHA256"]),
    ],
    [...OPENSSL_GROUPS, ...FFDHE],
    2048,
  ),
  client("Android 5.0", UP_TO_12, [...cross(ECDHE, [A128]), ...ANDROID_OLD], NIST),
  client("Android 6.0", UP_TO_12, [...cross(ECDHE, [A128]), ...ANDROID_OLD], NIST),
  // 7.0 offers P-256 alone, which 7.1.1 mended.
  client(
    "Android 7.0",
    UP_TO_12,
    [...cross(ECDHE, [CHACHA, A128, A256]), ...CHROME_12],
    ["secp256r1"],
  ),
  client("Android 8.0", UP_TO_12, [...cross(ECDHE, [CHACHA, A128, A256]), ...CHROME_12], BROWSER),
  client("Android 9.0", UP_TO_12, [...cross(ECDHE, [A128, A256, CHACHA]), ...CHROME_12], BROWSER),
  client("Android 10", ALL, [...modern(A128, A256, CHACHA), ...CHROME_12], BROWSER),
  client("Android 12", ALL, [...modern(A128, A256, CHACHA), ...CHROME_12], BROWSER),
  client("Android 14", SINCE_12, [...modern(A128, A256, CHACHA), ...CHROME_12], BROWSER),
];

function client(
  name: string,
  protocols: readonly TlsProtocol[],
  suites: readonly string[],
  groups: readonly string[],
  modulusBitsMin = 1024,
): ClientProfile {
  return { name, protocols, suites: [...new Set(suites)], groups, modulusBitsMin };
}
