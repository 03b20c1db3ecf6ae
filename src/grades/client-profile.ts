import type { TlsProtocol } from "../core/tls-scan.ts";

/** What a client offers, in its order, and what it refuses to take. GREASE and SCSV are left out. */
export interface ClientProfile {
  readonly name: string;
  /** What the profile was read off, and when. */
  readonly source: string;
  /** Oldest first. */
  readonly protocols: readonly TlsProtocol[];
  /** IANA names. */
  readonly suites: readonly string[];
  readonly groups: readonly string[];
  /** Groups of TLS 1.3 it sends a share for: a server that takes none of them must ask again. */
  readonly keyShares: readonly string[];
  /** Signature schemes; without the extension TLS 1.2 means SHA-1 (RFC 5246 section 7.4.1.4.1). */
  readonly signatures: readonly string[];
  /** Least RSA key of a certificate and least DH prime it accepts, in bits. */
  readonly rsaBitsMin: number;
  readonly dhBitsMin: number;
  /** Most, where there is such a limit. */
  readonly dhBitsMax?: number;
  /** Whether a leaf or intermediate signed with SHA-1 is accepted. */
  readonly takesSha1Certificates: boolean;
  readonly sendsServerName: boolean;
}

/** Every cipher with every key exchange, the cipher deciding the order. */
export function cross(keyExchanges: string, ciphers: string): readonly string[] {
  const kinds = keyExchanges.split(" ");
  return ciphers
    .split(" ")
    .flatMap((cipher) => kinds.map((kind) => `TLS_${kind}_WITH_${CIPHERS[cipher] ?? cipher}`));
}

/** Suites of TLS 1.3 by short name. */
export function modern(ciphers: string): readonly string[] {
  return ciphers.split(" ").map((cipher) => `TLS_${CIPHERS[cipher] ?? cipher}`);
}

/** Short names, so that a table of a client's suites can be read beside its capture. */
const CIPHERS: Readonly<Record<string, string>> = {
  A128: "AES_128_GCM_SHA256",
  A256: "AES_256_GCM_SHA384",
  CHACHA: "CHACHA20_POLY1305_SHA256",
  CBC128: "AES_128_CBC_SHA",
  CBC256: "AES_256_CBC_SHA",
  "CBC128-256": "AES_128_CBC_SHA256",
  "CBC256-256": "AES_256_CBC_SHA256",
  "CBC256-384": "AES_256_CBC_SHA384",
  "3DES": "3DES_EDE_CBC_SHA",
  CAM128: "CAMELLIA_128_CBC_SHA",
  CAM256: "CAMELLIA_256_CBC_SHA",
};

export const NIST = ["secp256r1", "secp384r1", "secp521r1"] as const;
export const FFDHE = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"] as const;

const ECDSA = ["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"];
const PSS = ["rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512"];
const PSS_PSS = ["rsa_pss_pss_sha256", "rsa_pss_pss_sha384", "rsa_pss_pss_sha512"];
const PKCS1 = ["rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512"];
const DSA = ["dsa_sha224", "dsa_sha256", "dsa_sha384", "dsa_sha512"];

/** Lists of signature schemes that clients have in common; their order decides nothing here. */
export const SIGNATURES = {
  sha1: ["ecdsa_sha1", "rsa_pkcs1_sha1"],
  /** BoringSSL: no P-521. */
  boring: [...ECDSA.slice(0, 2), ...PSS, ...PKCS1],
  mldsa: ["mldsa44", "mldsa65", "mldsa87"],
  nss: [...ECDSA, ...PSS, ...PKCS1, "ecdsa_sha1", "rsa_pkcs1_sha1"],
  /** TLS 1.2 alone, before RSA-PSS. */
  old: [...PKCS1, ...ECDSA, "rsa_pkcs1_sha224", "ecdsa_sha224", "rsa_pkcs1_sha1", "ecdsa_sha1"],
  dsa: ["dsa_sha1", ...DSA],
  openssl: [
    ...ECDSA,
    "ed25519",
    "ed448",
    ...PSS_PSS,
    ...PSS,
    ...PKCS1,
    "ecdsa_sha224",
    "rsa_pkcs1_sha224",
    ...DSA,
  ],
  java: [
    ...ECDSA,
    "ed25519",
    "ed448",
    ...PSS,
    ...PSS_PSS,
    ...PKCS1,
    "dsa_sha256",
    "ecdsa_sha224",
    "rsa_pkcs1_sha224",
    "dsa_sha224",
  ],
  gnutls: [
    ...PKCS1,
    ...PSS_PSS,
    ...PSS,
    ...ECDSA,
    "ed25519",
    "ed448",
    "rsa_pkcs1_sha1",
    "ecdsa_sha1",
  ],
  go: [...PSS, ...ECDSA, "ed25519", ...PKCS1, "rsa_pkcs1_sha1", "ecdsa_sha1"],
} as const;

export const SINCE_TLS12: readonly TlsProtocol[] = ["TLSv1.2", "TLSv1.3"];
export const UP_TO_TLS12: readonly TlsProtocol[] = ["TLSv1", "TLSv1.1", "TLSv1.2"];
export const SINCE_TLS10: readonly TlsProtocol[] = [...UP_TO_TLS12, "TLSv1.3"];

type Common =
  | "keyShares"
  | "rsaBitsMin"
  | "dhBitsMin"
  | "takesSha1Certificates"
  | "sendsServerName";

/** A profile with what most clients of its time have in common. */
export function client(
  profile: Omit<ClientProfile, Common> & Partial<Pick<ClientProfile, Common>>,
): ClientProfile {
  return {
    keyShares: profile.protocols.includes("TLSv1.3") ? profile.groups.slice(0, 1) : [],
    rsaBitsMin: 1024,
    dhBitsMin: 1024,
    takesSha1Certificates: false,
    sendsServerName: true,
    ...profile,
  };
}
