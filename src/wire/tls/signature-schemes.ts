/** What a key must be to sign with a scheme. */
export type SignatureKey = "RSA" | "RSA-PSS" | "ECDSA" | "DSA" | "EdDSA" | "ML-DSA" | "SM2";

/** A signature scheme as IANA's "TLS SignatureScheme" numbers it. */
export interface SignatureScheme {
  readonly code: number;
  readonly name: string;
  readonly key: SignatureKey;
  /** Whether a CertificateVerify of TLS 1.3 may use it (RFC 8446 section 4.2.3). */
  readonly isForTls13: boolean;
}

type Row = readonly [code: number, name: string, key: SignatureKey, isForTls13: boolean];

/**
 * RFC 8446 section 4.2.3, RFC 8734, RFC 8998, draft-ietf-tls-mldsa; below TLS 1.3 the pairs of hash
 * and signature of RFC 5246 section 7.4.1.4.1 that later got no scheme's name.
 */
const ROWS: readonly Row[] = [
  [0x0101, "rsa_pkcs1_md5", "RSA", false],
  [0x0201, "rsa_pkcs1_sha1", "RSA", false],
  [0x0202, "dsa_sha1", "DSA", false],
  [0x0203, "ecdsa_sha1", "ECDSA", false],
  [0x0301, "rsa_pkcs1_sha224", "RSA", false],
  [0x0302, "dsa_sha224", "DSA", false],
  [0x0303, "ecdsa_sha224", "ECDSA", false],
  [0x0401, "rsa_pkcs1_sha256", "RSA", false],
  [0x0402, "dsa_sha256", "DSA", false],
  [0x0403, "ecdsa_secp256r1_sha256", "ECDSA", true],
  [0x0501, "rsa_pkcs1_sha384", "RSA", false],
  [0x0502, "dsa_sha384", "DSA", false],
  [0x0503, "ecdsa_secp384r1_sha384", "ECDSA", true],
  [0x0601, "rsa_pkcs1_sha512", "RSA", false],
  [0x0602, "dsa_sha512", "DSA", false],
  [0x0603, "ecdsa_secp521r1_sha512", "ECDSA", true],
  [0x0708, "sm2sig_sm3", "SM2", true],
  [0x0804, "rsa_pss_rsae_sha256", "RSA", true],
  [0x0805, "rsa_pss_rsae_sha384", "RSA", true],
  [0x0806, "rsa_pss_rsae_sha512", "RSA", true],
  [0x0807, "ed25519", "EdDSA", true],
  [0x0808, "ed448", "EdDSA", true],
  [0x0809, "rsa_pss_pss_sha256", "RSA-PSS", true],
  [0x080a, "rsa_pss_pss_sha384", "RSA-PSS", true],
  [0x080b, "rsa_pss_pss_sha512", "RSA-PSS", true],
  [0x081a, "ecdsa_brainpoolP256r1tls13_sha256", "ECDSA", true],
  [0x081b, "ecdsa_brainpoolP384r1tls13_sha384", "ECDSA", true],
  [0x081c, "ecdsa_brainpoolP512r1tls13_sha512", "ECDSA", true],
  [0x0904, "mldsa44", "ML-DSA", true],
  [0x0905, "mldsa65", "ML-DSA", true],
  [0x0906, "mldsa87", "ML-DSA", true],
];

/** Every scheme known by name, by rising code. */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = ROWS.map(
  ([code, name, key, isForTls13]) => ({ code, name, key, isForTls13 }),
);

/**
 * What a client of wide tastes offers: everything but MD5, strong ones first. Servers answer with any
 * certificate they have.
 */
export const BROAD_SIGNATURE_SCHEMES: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x081a,
  0x081b, 0x081c, 0x0904, 0x0905, 0x0906, 0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0203,
  0x0201, 0x0202,
];

const BY_CODE: ReadonlyMap<number, SignatureScheme> = new Map(
  SIGNATURE_SCHEMES.map((scheme) => [scheme.code, scheme]),
);

/** The registry's name, or `0x1234` for a code without one. */
export function signatureSchemeName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
