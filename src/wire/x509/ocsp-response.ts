import { type Certificate, parseCertificate, readAlgorithm, serialOf } from "./certificate.ts";
import {
  childrenOf,
  isSameBytes,
  readBits,
  readOid,
  readSmall,
  readTime,
  readTlv,
  readWhole,
  TAG,
  type Tlv,
} from "./der.ts";
import { countScts } from "./extensions.ts";
import { EKU, EXTENSION, HASHES, type SignatureAlgorithm } from "./object-ids.ts";
import { digestOf, isSignatureOf, isSignedBy } from "./verify.ts";

/** Largest answer that is read: a handshake message of 2^16 octets is already far more than any. */
export const OCSP_BYTES_MAX = 256 * 1024;

/** What an OCSP answer says of one certificate (RFC 6960 section 4.2.1). */
export interface CertificateStatus {
  readonly status: "good" | "revoked" | "unknown";
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
  /** The answer's signature is that of the issuer, or of a responder the issuer appointed. */
  readonly isSigned: boolean;
  /** Signed certificate timestamps in the answer (RFC 6962 section 3.3). */
  readonly sctCount: number;
}

/** `why` continues "The OCSP answer ...". */
export type OcspReading =
  | ({ readonly ok: true } & CertificateStatus)
  | { readonly ok: false; readonly why: string };

/** Object identifier of id-pkix-ocsp-basic. */
const BASIC = "1.3.6.1.5.5.7.48.1.1";
/** Certificates of one answer that are looked at for the responder's. */
const RESPONDERS_MAX = 4;

/**
 * Reads the status of `certificate` out of an OCSPResponse. Without `issuer` (it was not sent and is
 * not in the store) the signature cannot be told and `isSigned` is false.
 */
export function readOcspResponse(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate | undefined,
): OcspReading {
  if (der.length > OCSP_BYTES_MAX) return { ok: false, why: "is too large" };
  const outer = readWhole(der);
  const responseStatus = readSmall(outer?.[0]);
  if (outer === undefined || responseStatus === undefined) return { ok: false, why: "is no DER" };
  if (responseStatus !== 0) {
    return { ok: false, why: `is an error (responseStatus ${responseStatus})` };
  }
  const basic = readBasic(outer[1]);
  if (basic === undefined) return { ok: false, why: "is malformed" };
  const single = basic.singles.find((one) => isAbout(one, certificate, issuer));
  if (single === undefined) return { ok: false, why: "is about another certificate" };
  const { status, thisUpdateMs, nextUpdateMs, sctCount } = single;
  const isSigned = issuer !== undefined && isSignedForIssuer(basic, issuer, thisUpdateMs);
  return { ok: true, status, thisUpdateMs, nextUpdateMs, isSigned, sctCount };
}

interface Single {
  readonly serial: string;
  readonly hash: string;
  readonly issuerKeyHash: Uint8Array;
  readonly status: CertificateStatus["status"];
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
  readonly sctCount: number;
}

interface Basic {
  readonly signed: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly singles: readonly Single[];
  readonly certificates: readonly Uint8Array[];
}

function readBasic(tagged: Tlv | undefined): Basic | undefined {
  if (tagged?.tag !== 0xa0) return undefined;
  const [type, octets] = readWhole(tagged.body) ?? [];
  if (readOid(type) !== BASIC || octets?.tag !== TAG.octetString) return undefined;
  const [data, algorithmField, bits, certs] = readWhole(octets.body) ?? [];
  const algorithm = readAlgorithm(algorithmField);
  const signature = readBits(bits);
  const fields = childrenOf(data);
  if (data === undefined || algorithm === undefined || signature === undefined) return undefined;
  // version [0], responderID [1] or [2], producedAt, responses, extensions [1].
  const responses = fields?.find(({ tag }) => tag === TAG.sequence);
  const singles = childrenOf(responses)?.map(readSingle);
  if (singles === undefined) return undefined;
  const list = certs?.tag === 0xa0 ? (readWhole(certs.body) ?? []) : [];
  return {
    signed: data.whole,
    algorithm,
    signature,
    singles: singles.filter((single) => single !== undefined),
    certificates: list.slice(0, RESPONDERS_MAX).map(({ whole }) => whole),
  };
}

const STATUS_TAGS: ReadonlyMap<number, CertificateStatus["status"]> = new Map([
  [0x80, "good"],
  [0xa1, "revoked"],
  [0x82, "unknown"],
]);

function readSingle(tlv: Tlv): Single | undefined {
  const [id, statusField, thisField, ...rest] = childrenOf(tlv) ?? [];
  const [hashField, , keyHash, serialField] = childrenOf(id) ?? [];
  const [hashType] = childrenOf(hashField) ?? [];
  const hash = HASHES.get(readOid(hashType) ?? "");
  const serial = serialOf(serialField);
  const status = STATUS_TAGS.get(statusField?.tag ?? 0);
  const thisUpdateMs = readTime(thisField);
  if (hash === undefined || serial === undefined || status === undefined) return undefined;
  if (keyHash?.tag !== TAG.octetString || thisUpdateMs === undefined) return undefined;
  const next = rest.find(({ tag }) => tag === 0xa0);
  const nextUpdateMs = next === undefined ? undefined : readTime(readTlv(next.body));
  // An end that cannot be read is no end that was left out.
  if (next !== undefined && nextUpdateMs === undefined) return undefined;
  const sctCount = sctsIn(rest.find(({ tag }) => tag === 0xa1));
  return {
    serial,
    hash,
    issuerKeyHash: keyHash.body,
    status,
    thisUpdateMs,
    nextUpdateMs,
    sctCount,
  };
}

/** The list of timestamps among the single extensions, which are explicit [1]. */
function sctsIn(tagged: Tlv | undefined): number {
  const list = tagged === undefined ? [] : (readWhole(tagged.body) ?? []);
  const fields = list.map((one) => childrenOf(one) ?? []);
  const found = fields.find(([type]) => readOid(type) === EXTENSION.ocspSctList)?.at(-1);
  const inner = found?.tag === TAG.octetString ? readTlv(found.body) : undefined;
  return inner?.tag === TAG.octetString ? (countScts(inner.body) ?? 0) : 0;
}

function isAbout(single: Single, certificate: Certificate, issuer: Certificate | undefined) {
  if (single.serial !== certificate.serial) return false;
  if (issuer === undefined) return true;
  const digest = digestOf(single.hash, issuer.publicKey.key);
  return digest !== undefined && isSameBytes(digest, single.issuerKeyHash);
}

/** RFC 6960 section 4.2.2.2: the issuer itself, or a certificate it issued with id-kp-OCSPSigning. */
function isSignedForIssuer(basic: Basic, issuer: Certificate, atMs: number): boolean {
  const { signed, signature, algorithm } = basic;
  if (isSignatureOf(signed, signature, algorithm, issuer)) return true;
  return basic.certificates.some((der) => {
    const reading = parseCertificate(der);
    if (!reading.ok) return false;
    const responder = reading.certificate;
    return (
      responder.extensions.extendedKeyUsage?.includes(EKU.ocspSigning) === true &&
      responder.notBeforeMs <= atMs &&
      atMs <= responder.notAfterMs &&
      responder.issuer.key === issuer.subject.key &&
      isSignatureOf(signed, signature, algorithm, responder) &&
      isSignedBy(responder, issuer)
    );
  });
}
