import type { Certificate } from "../../wire/x509/certificate.ts";
import { EKU } from "../../wire/x509/object-ids.ts";
import { allowsNames } from "./certificate-constraints.ts";
import { type CertificatePath, isSelfIssued, type SignatureCheck } from "./certificate-path.ts";

/** What makes every verifier refuse a path, whatever it trusts; slugs of the report. */
export type PathFault =
  | "broken-der"
  | "expired"
  | "not-yet-valid"
  | "invalid-issuer"
  | "name-constraints"
  | "unknown-critical"
  | "wrong-eku"
  | "weak-signature";

/** Hashes that no longer resist a collision (RFC 9155, RFC 6151). */
const BROKEN_HASHES: readonly (string | null)[] = ["md2", "md4", "md5", "sha1"];

/** Every fault of `path` at `nowMs` (RFC 5280 section 6.1), each once; empty for a valid one. */
export function pathFaults(
  { certificates, anchor }: CertificatePath,
  nowMs: number,
  { isSigned }: SignatureCheck,
): readonly PathFault[] {
  const anchored = anchor?.certificate;
  const isItself = certificates.some((one) => one.fingerprint256 === anchored?.fingerprint256);
  const all = anchored === undefined || isItself ? certificates : [...certificates, anchored];
  // A root vouches for itself: what it signed itself with tells nothing.
  const isRoot = (one: Certificate) => isSelfIssued(one) && isSigned(one, one);
  const signed = certificates.filter(
    (one, at) => one.fingerprint256 !== anchored?.fingerprint256 && (at === 0 || !isRoot(one)),
  );
  const found: readonly (readonly [PathFault, boolean])[] = [
    ["broken-der", all.some(({ extensions }) => extensions.broken.length > 0)],
    ["expired", all.some(({ notAfterMs }) => notAfterMs < nowMs)],
    ["not-yet-valid", all.some(({ notBeforeMs }) => notBeforeMs > nowMs)],
    ["invalid-issuer", all.some((one, at) => at > 0 && !mayIssue(one, all.slice(1, at)))],
    ["name-constraints", all.some((one, at) => !isWithinConstraints(one, all.slice(at + 1), at))],
    ["unknown-critical", all.some(({ extensions }) => extensions.unknownCritical.length > 0)],
    ["wrong-eku", all.some((one, at) => !isForServers(one, at === 0))],
    ["weak-signature", signed.some(({ signature }) => BROKEN_HASHES.includes(signature.hash))],
  ];
  return found.flatMap(([fault, isFound]) => (isFound ? [fault] : []));
}

/**
 * Whether `issuer` may stand over the intermediates `below` it (RFC 5280 sections 4.2.1.3 and
 * 4.2.1.9). Roots of version 1 have no extensions to say so and are believed as they are.
 */
function mayIssue(issuer: Certificate, below: readonly Certificate[]): boolean {
  const { basicConstraints, mayCertify } = issuer.extensions;
  const isCa = basicConstraints?.isCa ?? (issuer.version < 3 && isSelfIssued(issuer));
  const limit = basicConstraints?.pathLength;
  const depth = below.filter((one) => !isSelfIssued(one)).length;
  return isCa && mayCertify !== false && (limit === undefined || depth <= limit);
}

/** RFC 5280 section 6.1.3 b, c: a CA's certificate for its own next key is let off, the leaf never. */
function isWithinConstraints(
  certificate: Certificate,
  above: readonly Certificate[],
  at: number,
): boolean {
  if (at > 0 && isSelfIssued(certificate)) return true;
  return above.every(({ extensions: { nameConstraints } }) => {
    return nameConstraints === undefined || allowsNames(nameConstraints, certificate);
  });
}

/**
 * Key usage of the leaf and extended key usage of it and of CAs that are limited to purposes. That
 * any purpose will do (anyExtendedKeyUsage) is not taken for the purpose by OpenSSL and Firefox.
 */
function isForServers({ extensions }: Certificate, isLeaf: boolean): boolean {
  const { extendedKeyUsage, mayServe } = extensions;
  if (isLeaf && mayServe === false) return false;
  return extendedKeyUsage === undefined || extendedKeyUsage.includes(EKU.serverAuth);
}
