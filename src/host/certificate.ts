import type { X509Certificate } from "node:crypto";
import type { TlsPeer } from "../core/host.ts";

type CertificateFacts = Pick<
  TlsPeer,
  "subject" | "issuer" | "names" | "notBefore" | "notAfter" | "keyType" | "keyBits" | "signature"
>;

/** What a certificate says of itself. Never throws on a hostile one: what cannot be told is empty or 0. */
export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: alternativeNames(certificate.subjectAltName ?? ""),
    notBefore: isoDate(certificate.validFrom),
    notAfter: isoDate(certificate.validTo),
    ...describeKey(certificate),
    signature: signatureName(certificate.raw),
  };
}

function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/**
 * DNS names and addresses of `DNS:a.test, IP Address:127.0.0.1`. Node writes a name with special
 * characters as a JSON string, so that a comma inside cannot forge a name (CVE-2021-44532).
 */
export function alternativeNames(text: string): readonly string[] {
  const names: string[] = [];
  for (const [, kind, quoted, plain] of text.matchAll(
    /(?:^|, )([A-Za-z ]+):(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g,
  )) {
    if (kind === "DNS" || kind === "IP Address") names.push(quoted ?? plain ?? "");
  }
  return names;
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
  prime192v1: 192,
};
const KEY_TYPES: Readonly<Record<string, string>> = {
  rsa: "RSA",
  "rsa-pss": "RSA",
  ec: "EC",
  dsa: "DSA",
  ed25519: "Ed25519",
  ed448: "Ed448",
};

function describeKey(certificate: X509Certificate): Pick<TlsPeer, "keyType" | "keyBits"> {
  try {
    const { asymmetricKeyType: type = "", asymmetricKeyDetails: details } = certificate.publicKey;
    const curve = CURVE_BITS[details?.namedCurve ?? ""] ?? curveDigits(details?.namedCurve);
    const bits = { ed25519: 256, ed448: 456 }[type as string];
    return {
      keyType: KEY_TYPES[type] ?? type,
      keyBits: details?.modulusLength ?? bits ?? curve,
    };
  } catch {
    // OpenSSL does not know the key's algorithm or its encoding is broken; the handshake still counts.
    return { keyType: "", keyBits: 0 };
  }
}

function curveDigits(curve = ""): number {
  return Number(/\d{3}/.exec(curve)?.[0] ?? 0);
}

/** OpenSSL's names of the OIDs in RFC 8017, 5758, 8410 and 4055; DER content in hex. */
const SIGNATURES: Readonly<Record<string, string>> = {
  "2a864886f70d010102": "md2WithRSAEncryption",
  "2a864886f70d010104": "md5WithRSAEncryption",
  "2a864886f70d010105": "sha1WithRSAEncryption",
  "2a864886f70d01010b": "sha256WithRSAEncryption",
  "2a864886f70d01010c": "sha384WithRSAEncryption",
  "2a864886f70d01010d": "sha512WithRSAEncryption",
  "2a864886f70d01010e": "sha224WithRSAEncryption",
  "2a8648ce3d0401": "ecdsa-with-SHA1",
  "2a8648ce3d040301": "ecdsa-with-SHA224",
  "2a8648ce3d040302": "ecdsa-with-SHA256",
  "2a8648ce3d040303": "ecdsa-with-SHA384",
  "2a8648ce3d040304": "ecdsa-with-SHA512",
  "2a8648ce380403": "dsa-with-SHA1",
  "608648016503040302": "dsa-with-SHA256",
  "2b6570": "Ed25519",
  "2b6571": "Ed448",
};
const PSS = "2a864886f70d01010a";
/** RFC 4055 section 3.1: without parameters RSASSA-PSS means SHA-1. */
const PSS_HASHES = [
  ["608648016503040201", "RSASSA-PSS with SHA-256"],
  ["608648016503040202", "RSASSA-PSS with SHA-384"],
  ["608648016503040203", "RSASSA-PSS with SHA-512"],
] as const;

/** Name of the algorithm a DER certificate is signed with (RFC 5280 section 4.1.1.2); its OID in hex when not known, empty when malformed. */
export function signatureName(der: Uint8Array): string {
  const certificate = element(der, 0);
  const signed = certificate && element(der, certificate.start);
  const algorithm = signed && element(der, signed.end);
  const oid = algorithm && element(der, algorithm.start);
  if (oid === undefined || der[algorithm?.start ?? 0] !== 0x06) return "";
  const name = hex(der.subarray(oid.start, oid.end));
  if (name !== PSS) return SIGNATURES[name] ?? name;
  const parameters = hex(der.subarray(oid.end, algorithm?.end));
  return PSS_HASHES.find(([hash]) => parameters.includes(hash))?.[1] ?? "RSASSA-PSS with SHA-1";
}

/** Content of the DER element at `offset` (X.690 section 8.1.3); `undefined` past the end. */
function element(
  der: Uint8Array,
  offset: number,
): { readonly start: number; readonly end: number } | undefined {
  const first = der[offset + 1];
  if (first === undefined) return undefined;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (count > 4) return undefined;
  const start = offset + 2 + count;
  const length =
    count === 0
      ? first
      : der.subarray(offset + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = start + length;
  return end > der.length ? undefined : { start, end };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
