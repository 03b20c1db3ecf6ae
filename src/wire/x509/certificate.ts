import { createHash } from "node:crypto";

import {
  childrenOf,
  hexOf,
  isSameBytes,
  readBits,
  readOid,
  readSmall,
  readTime,
  readTlv,
  readUnsigned,
  readWhole,
  TAG,
  type Tlv,
} from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { HASHES, RSASSA_PSS, SIGNATURES, type SignatureAlgorithm } from "./object-ids.ts";
import { type PublicKeyInfo, readPublicKey } from "./public-key.ts";

/** Largest certificate that is read; real ones have 1 to 10 KB. */
export const CERTIFICATE_BYTES_MAX = 128 * 1024;

/** A certificate as it stands (RFC 5280 section 4.1). Nothing in it is verified. */
export interface Certificate {
  readonly der: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Upper-case hex; with a minus before it where it is negative, which RFC 5280 forbids. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: PublicKeyInfo;
  readonly signature: SignatureAlgorithm;
  readonly extensions: Extensions;
  /** SHA-256 of the DER, `AB:CD:...` as OpenSSL and Node write it. */
  readonly fingerprint256: string;
}

/** Broken DER is an answer, not an exception: `part` says where the reader gave up. */
export type CertificateReading =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly part: string; readonly fingerprint256: string };

export function parseCertificate(der: Uint8Array): CertificateReading {
  const fingerprint256 = fingerprintOf(der);
  const read = der.length > CERTIFICATE_BYTES_MAX ? "size" : readParts(der);
  if (typeof read === "string") return { ok: false, part: read, fingerprint256 };
  return { ok: true, certificate: { ...read, der, fingerprint256 } };
}

/** The subject alone, for a search among many; that it can be read does not make `der` a certificate. */
export function readSubject(der: Uint8Array): DistinguishedName | undefined {
  const fields = childrenOf(readWhole(der)?.[0]);
  return readName(fields?.[fields[0]?.tag === 0xa0 ? 5 : 4]);
}

type Parts = Omit<Certificate, "der" | "fingerprint256">;

/** The parts, or the name of the one that is broken. */
function readParts(der: Uint8Array): Parts | string {
  const parts = readWhole(der);
  if (parts?.length !== 3) return "outer sequence";
  const [tbs, algorithm, bits] = parts;
  const fields = childrenOf(tbs);
  if (fields === undefined || readBits(bits) === undefined) return "signed part";
  const signature = readAlgorithm(algorithm);
  if (signature === undefined) return "signature algorithm";
  // The version is explicit [0] and left out for v1.
  const isTagged = fields[0]?.tag === 0xa0;
  const version = isTagged ? versionOf(fields[0]) : 1;
  if (version === undefined) return "version";
  const rest = isTagged ? fields.slice(1) : fields;
  // What is signed names the algorithm too, and both must be the same (RFC 5280 section 4.1.1.2).
  if (algorithm === undefined || !isSameBytes(rest[1]?.whole ?? EMPTY, algorithm.whole)) {
    return "signature algorithm";
  }
  const signed = readSigned(rest);
  return typeof signed === "string" ? signed : { ...signed, version, signature };
}

const EMPTY = new Uint8Array(0);

/** INTEGER 0 is version 1. */
function versionOf(tagged: Tlv | undefined): number | undefined {
  const number = tagged === undefined ? undefined : readSmall(readTlv(tagged.body));
  return number === undefined || number > 2 ? undefined : number + 1;
}

/** Reads the fields of TBSCertificate after the version. */
function readSigned(fields: readonly Tlv[]): Omit<Parts, "signature" | "version"> | string {
  const [serialField, , issuerField, validity, subjectField, key, ...tail] = fields;
  const serial = serialOf(serialField);
  if (serial === undefined) return "serial number";
  const issuer = readName(issuerField);
  const subject = readName(subjectField);
  if (issuer === undefined || subject === undefined) return "name";
  const [notBeforeMs, notAfterMs] = (childrenOf(validity) ?? []).map(readTime);
  if (notBeforeMs === undefined || notAfterMs === undefined) return "validity";
  const publicKey = readPublicKey(key);
  if (publicKey === undefined) return "public key";
  const extensions = readExtensions(tail.find(({ tag }) => tag === 0xa3));
  if (extensions === undefined) return "extensions";
  return { subject, issuer, serial, notBeforeMs, notAfterMs, publicKey, extensions };
}

/** Octets of a serial number that are read: RFC 5280 section 4.1.2.2 allows 20. */
export const SERIAL_OCTETS_MAX = 64;

/** Upper-case hex of a serial number, `-` before a negative one; `undefined` for none and past the limit. */
export function serialOf(tlv: Tlv | undefined): string | undefined {
  if (tlv?.tag !== TAG.integer || tlv.body.length === 0) return undefined;
  if (tlv.body.length > SERIAL_OCTETS_MAX) return undefined;
  const unsigned = readUnsigned(tlv);
  if (unsigned !== undefined) return hexOf(unsigned).toUpperCase();
  const value = (1n << BigInt(tlv.body.length * 8)) - BigInt(`0x${hexOf(tlv.body)}`);
  const hex = value.toString(16).toUpperCase();
  return `-${hex.length % 2 === 0 ? hex : `0${hex}`}`;
}

/** Reads an AlgorithmIdentifier of a signature; an unknown one is named by its object identifier. */
export function readAlgorithm(tlv: Tlv | undefined): SignatureAlgorithm | undefined {
  const [type, parameters] = childrenOf(tlv) ?? [];
  const oid = readOid(type);
  if (oid === undefined) return undefined;
  if (oid === RSASSA_PSS) {
    const hash = pssHash(parameters);
    return { name: `rsassaPss-${hash}`, hash: hash.toLowerCase(), key: "RSA" };
  }
  return SIGNATURES.get(oid) ?? { name: oid, hash: null, key: "other" };
}

/** hashAlgorithm is explicit [0] of the parameters, SHA-1 by default (RFC 8017 A.2.3). */
function pssHash(parameters: Tlv | undefined): string {
  const tagged = childrenOf(parameters)?.find(({ tag }) => tag === 0xa0);
  const [type] = tagged === undefined ? [] : (readWhole(tagged.body) ?? []);
  return HASHES.get(readOid(type) ?? "") ?? "SHA1";
}

/** SHA-256 as `AB:CD:...`. */
export function fingerprintOf(der: Uint8Array): string {
  const hex = createHash("sha256").update(der).digest("hex").toUpperCase();
  return hex.match(/../g)?.join(":") ?? "";
}
