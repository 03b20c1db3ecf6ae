import { OPENSSL_SUITE_NAMES } from "./suite-names.ts";

/** One suite as OpenSSL's cipher lists see it. The words are those of the keywords in ciphers(1). */
export interface OpensslSuite {
  /** `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly name: string;
  /** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly ianaName: string;
  readonly keyExchange: "RSA" | "DHE" | "ECDHE" | "PSK" | "RSAPSK" | "DHEPSK" | "ECDHEPSK" | "SRP";
  readonly authentication: "RSA" | "DSS" | "ECDSA" | "PSK" | "SRP" | "NULL";
  readonly encryption: Encryption;
  readonly mac: "MD5" | "SHA1" | "SHA256" | "SHA384" | "AEAD";
  /** The protocol it came with, as the keywords `SSLv3`, `TLSv1` and `TLSv1.2` have it. */
  readonly minimum: "SSLv3" | "TLSv1" | "TLSv1.2";
  readonly strength: "HIGH" | "MEDIUM" | "LOW" | "NONE";
  /** Bits by which `@STRENGTH` sorts. */
  readonly strengthBits: number;
  readonly isExport: boolean;
  /** Part of COMPLEMENTOFDEFAULT. */
  readonly isOutsideDefault: boolean;
  /** No default build since OpenSSL 1.1.0 has it (`no-weak-ssl-ciphers`). */
  readonly isWeakBuild: boolean;
}

export type Encryption =
  | "AES128"
  | "AES256"
  | "AESGCM128"
  | "AESGCM256"
  | "AESCCM128"
  | "AESCCM256"
  | "AESCCM8128"
  | "AESCCM8256"
  | "CAMELLIA128"
  | "CAMELLIA256"
  | "ARIAGCM128"
  | "ARIAGCM256"
  | "CHACHA20"
  | "3DES"
  | "DES"
  | "RC4"
  | "RC2"
  | "IDEA"
  | "SEED"
  | "NULL";

type Agreement = readonly [OpensslSuite["keyExchange"], OpensslSuite["authentication"]];

/** What stands before `_WITH_` in IANA's name, without the export mark. */
const AGREEMENTS: Readonly<Record<string, Agreement>> = {
  RSA: ["RSA", "RSA"],
  DHE_RSA: ["DHE", "RSA"],
  DHE_DSS: ["DHE", "DSS"],
  DH_anon: ["DHE", "NULL"],
  ECDHE_RSA: ["ECDHE", "RSA"],
  ECDHE_ECDSA: ["ECDHE", "ECDSA"],
  ECDH_anon: ["ECDHE", "NULL"],
  PSK: ["PSK", "PSK"],
  RSA_PSK: ["RSAPSK", "RSA"],
  DHE_PSK: ["DHEPSK", "PSK"],
  PSK_DHE: ["DHEPSK", "PSK"],
  ECDHE_PSK: ["ECDHEPSK", "PSK"],
  SRP_SHA: ["SRP", "SRP"],
  SRP_SHA_RSA: ["SRP", "RSA"],
  SRP_SHA_DSS: ["SRP", "DSS"],
};

/** In this order: the first whose pattern is found in IANA's name after `_WITH_`. */
const ENCRYPTIONS: readonly (readonly [RegExp, Encryption])[] = [
  [/^NULL/, "NULL"],
  [/^3DES/, "3DES"],
  [/^DES/, "DES"],
  [/^RC4/, "RC4"],
  [/^RC2/, "RC2"],
  [/^IDEA/, "IDEA"],
  [/^SEED/, "SEED"],
  [/^CHACHA20/, "CHACHA20"],
  [/^AES_128_GCM/, "AESGCM128"],
  [/^AES_256_GCM/, "AESGCM256"],
  [/^AES_128_CCM_8/, "AESCCM8128"],
  [/^AES_256_CCM_8/, "AESCCM8256"],
  [/^AES_128_CCM/, "AESCCM128"],
  [/^AES_256_CCM/, "AESCCM256"],
  [/^AES_128/, "AES128"],
  [/^AES_256/, "AES256"],
  [/^CAMELLIA_128/, "CAMELLIA128"],
  [/^CAMELLIA_256/, "CAMELLIA256"],
  [/^ARIA_128/, "ARIAGCM128"],
  [/^ARIA_256/, "ARIAGCM256"],
];

const WEAK_BUILD: ReadonlySet<Encryption> = new Set(["3DES", "DES", "RC4", "RC2", "IDEA", "SEED"]);

/** Every suite, by rising code: the order OpenSSL starts from. */
export const OPENSSL_SUITES: readonly OpensslSuite[] = OPENSSL_SUITE_NAMES.trim()
  .split("\n")
  .map((row) => {
    const [name = "", ianaName = ""] = row.split(" ");
    return suiteOf(name, ianaName);
  });

function suiteOf(name: string, ianaName: string): OpensslSuite {
  const [front = "", cipher = ""] = ianaName.replace(/^TLS_/, "").split("_WITH_");
  const isExport = front.endsWith("_EXPORT");
  const [keyExchange, authentication] = AGREEMENTS[front.replace(/_EXPORT$/, "")] ?? ["RSA", "RSA"];
  const encryption = ENCRYPTIONS.find(([pattern]) => pattern.test(cipher))?.[1] ?? "NULL";
  const mac = macOf(cipher, encryption);
  const isWeakBuild = WEAK_BUILD.has(encryption);
  return {
    name,
    ianaName,
    keyExchange,
    authentication,
    encryption,
    mac,
    minimum: minimumOf(keyExchange, mac),
    strength: strengthOf(encryption, isExport),
    strengthBits: isExport ? 40 : bitsOf(encryption),
    isExport,
    isOutsideDefault:
      encryption !== "NULL" &&
      (isWeakBuild ||
        authentication === "NULL" ||
        authentication === "DSS" ||
        /^(?:CAMELLIA|ARIA|AESCCM)/.test(encryption)),
    isWeakBuild: isWeakBuild || isExport,
  };
}

function macOf(cipher: string, encryption: Encryption): OpensslSuite["mac"] {
  if (/^(?:AESGCM|AESCCM|ARIAGCM|CHACHA20)/.test(encryption)) return "AEAD";
  if (cipher.endsWith("_MD5")) return "MD5";
  if (cipher.endsWith("_SHA256")) return "SHA256";
  return cipher.endsWith("_SHA384") ? "SHA384" : "SHA1";
}

/** `min_tls` of OpenSSL's table: RFC 5487's suites with a pre-shared key work before TLS 1.2. */
function minimumOf(
  keyExchange: OpensslSuite["keyExchange"],
  mac: OpensslSuite["mac"],
): OpensslSuite["minimum"] {
  if (mac === "AEAD") return "TLSv1.2";
  const isNewHash = mac === "SHA256" || mac === "SHA384";
  if (isNewHash) return keyExchange.endsWith("PSK") ? "TLSv1" : "TLSv1.2";
  return keyExchange.startsWith("ECDHE") ? "TLSv1" : "SSLv3";
}

function strengthOf(encryption: Encryption, isExport: boolean): OpensslSuite["strength"] {
  if (encryption === "NULL" || isExport) return "NONE";
  if (encryption === "DES") return "LOW";
  return WEAK_BUILD.has(encryption) ? "MEDIUM" : "HIGH";
}

/** As in OpenSSL 3.0: 80 for RC4, 112 for 3DES. */
function bitsOf(encryption: Encryption): number {
  const odd: Readonly<Partial<Record<Encryption, number>>> = {
    NULL: 0,
    DES: 56,
    RC4: 80,
    "3DES": 112,
    CHACHA20: 256,
  };
  return odd[encryption] ?? (encryption.endsWith("256") ? 256 : 128);
}
