/** Object identifiers and what they are called; from RFC 5280, 5480, 5758, 8017, 8410, 5639, SEC 2, FIPS 204. */

/** Attribute types of names, by their short form (RFC 4514 section 3, OpenSSL for the rest). */
export const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "street"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "title"],
  ["2.5.4.42", "GN"],
  ["2.5.4.97", "organizationIdentifier"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

/** How a signature is made: the report's name, the hash (as node:crypto calls it), the kind of key. */
export interface SignatureAlgorithm {
  readonly name: string;
  /** `null` for Ed25519 and Ed448, which hash by themselves. */
  readonly hash: string | null;
  readonly key: "RSA" | "EC" | "Ed" | "DSA" | "other";
}

const algorithm = (
  name: string,
  hash: string | null,
  key: SignatureAlgorithm["key"],
): SignatureAlgorithm => ({ name, hash, key });

export const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ["1.2.840.113549.1.1.2", algorithm("md2WithRSAEncryption", "md2", "RSA")],
  ["1.2.840.113549.1.1.3", algorithm("md4WithRSAEncryption", "md4", "RSA")],
  ["1.2.840.113549.1.1.4", algorithm("md5WithRSAEncryption", "md5", "RSA")],
  ["1.2.840.113549.1.1.5", algorithm("sha1WithRSAEncryption", "sha1", "RSA")],
  ["1.3.14.3.2.29", algorithm("sha1WithRSA", "sha1", "RSA")],
  ["1.2.840.113549.1.1.14", algorithm("sha224WithRSAEncryption", "sha224", "RSA")],
  ["1.2.840.113549.1.1.11", algorithm("sha256WithRSAEncryption", "sha256", "RSA")],
  ["1.2.840.113549.1.1.12", algorithm("sha384WithRSAEncryption", "sha384", "RSA")],
  ["1.2.840.113549.1.1.13", algorithm("sha512WithRSAEncryption", "sha512", "RSA")],
  ["1.2.840.10045.4.1", algorithm("ecdsa-with-SHA1", "sha1", "EC")],
  ["1.2.840.10045.4.3.1", algorithm("ecdsa-with-SHA224", "sha224", "EC")],
  ["1.2.840.10045.4.3.2", algorithm("ecdsa-with-SHA256", "sha256", "EC")],
  ["1.2.840.10045.4.3.3", algorithm("ecdsa-with-SHA384", "sha384", "EC")],
  ["1.2.840.10045.4.3.4", algorithm("ecdsa-with-SHA512", "sha512", "EC")],
  ["1.2.840.10040.4.3", algorithm("dsa-with-SHA1", "sha1", "DSA")],
  ["2.16.840.1.101.3.4.3.1", algorithm("dsa-with-SHA224", "sha224", "DSA")],
  ["2.16.840.1.101.3.4.3.2", algorithm("dsa-with-SHA256", "sha256", "DSA")],
  ["1.3.101.112", algorithm("Ed25519", null, "Ed")],
  ["1.3.101.113", algorithm("Ed448", null, "Ed")],
  ["2.16.840.1.101.3.4.3.17", algorithm("ML-DSA-44", null, "other")],
  ["2.16.840.1.101.3.4.3.18", algorithm("ML-DSA-65", null, "other")],
  ["2.16.840.1.101.3.4.3.19", algorithm("ML-DSA-87", null, "other")],
]);

/** RSASSA-PSS: the hash stands in its parameters (RFC 8017 A.2.3), SHA-1 where they are silent. */
export const RSASSA_PSS = "1.2.840.113549.1.1.10";
export const HASHES: ReadonlyMap<string, string> = new Map([
  ["1.3.14.3.2.26", "SHA1"],
  ["2.16.840.1.101.3.4.2.4", "SHA224"],
  ["2.16.840.1.101.3.4.2.1", "SHA256"],
  ["2.16.840.1.101.3.4.2.2", "SHA384"],
  ["2.16.840.1.101.3.4.2.3", "SHA512"],
]);

export const RSA_KEY = "1.2.840.113549.1.1.1";
export const EC_KEY = "1.2.840.10045.2.1";
export const DSA_KEY = "1.2.840.10040.4.1";

/** Edwards curves by key algorithm (RFC 8410), with the bits OpenSSL gives them. */
export const EDWARDS: ReadonlyMap<
  string,
  { readonly type: "Ed25519" | "Ed448"; readonly bits: number }
> = new Map([
  ["1.3.101.112", { type: "Ed25519", bits: 256 }],
  ["1.3.101.113", { type: "Ed448", bits: 456 }],
]);

/** Named curves by the names the TLS groups have, with the bits of their order. */
export const CURVES: ReadonlyMap<string, { readonly name: string; readonly bits: number }> =
  new Map([
    ["1.2.840.10045.3.1.1", { name: "secp192r1", bits: 192 }],
    ["1.2.840.10045.3.1.7", { name: "secp256r1", bits: 256 }],
    ["1.3.132.0.1", { name: "sect163k1", bits: 163 }],
    ["1.3.132.0.6", { name: "secp112r1", bits: 112 }],
    ["1.3.132.0.8", { name: "secp160r1", bits: 160 }],
    ["1.3.132.0.9", { name: "secp160k1", bits: 160 }],
    ["1.3.132.0.10", { name: "secp256k1", bits: 256 }],
    ["1.3.132.0.15", { name: "sect163r2", bits: 163 }],
    ["1.3.132.0.16", { name: "sect283k1", bits: 281 }],
    ["1.3.132.0.17", { name: "sect283r1", bits: 282 }],
    ["1.3.132.0.26", { name: "sect233k1", bits: 232 }],
    ["1.3.132.0.27", { name: "sect233r1", bits: 233 }],
    ["1.3.132.0.31", { name: "secp192k1", bits: 192 }],
    ["1.3.132.0.32", { name: "secp224k1", bits: 225 }],
    ["1.3.132.0.33", { name: "secp224r1", bits: 224 }],
    ["1.3.132.0.34", { name: "secp384r1", bits: 384 }],
    ["1.3.132.0.35", { name: "secp521r1", bits: 521 }],
    ...[160, 192, 224, 256, 320, 384, 512].flatMap((bits, at) =>
      ["r1", "t1"].map(
        (kind, twist) =>
          [
            `1.3.36.3.3.2.8.1.1.${1 + at * 2 + twist}`,
            { name: `brainpoolP${bits}${kind}`, bits },
          ] as const,
      ),
    ),
  ]);

export const EXTENSION = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  authorityInfoAccess: "1.3.6.1.5.5.7.1.1",
  tlsFeature: "1.3.6.1.5.5.7.1.24",
  sctList: "1.3.6.1.4.1.11129.2.4.2",
  ocspSctList: "1.3.6.1.4.1.11129.2.4.5",
} as const;

/** Beside those that are read: what a path may have as critical without saying anything about servers. */
export const HARMLESS_EXTENSIONS: ReadonlySet<string> = new Set([
  "2.5.29.18", // issuerAltName
  "2.5.29.31", // cRLDistributionPoints
  "2.5.29.32", // certificatePolicies, and the three that narrow them: no policy is asked for here
  "2.5.29.33",
  "2.5.29.36",
  "2.5.29.54",
  "1.3.6.1.5.5.7.1.1", // authorityInfoAccess
  "1.3.6.1.5.5.7.48.1.5", // id-pkix-ocsp-nocheck
  "2.16.840.1.113730.1.1", // Netscape's certificate type
]);

export const EKU = {
  any: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  ocspSigning: "1.3.6.1.5.5.7.3.9",
} as const;
