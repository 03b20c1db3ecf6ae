import type { TlsScan } from "../../core/tls-scan.ts";
import type { Certificate } from "../../wire/x509/certificate.ts";
import { lifetimeDaysMax } from "./certificate-lifetime.ts";
import { isNamed } from "./certificate-names.ts";
import { type CertificatePath, isSelfIssued } from "./certificate-path.ts";
import type { TrustStore } from "./certificate-store.ts";
import type { PathFault } from "./path-faults.ts";
import { modulusWeakness } from "./weak-modulus.ts";

/** Slugs of what can be wrong with a chain, worst first. */
export const CERTIFICATE_PROBLEMS = [
  /** A certificate or a known extension of one is not DER (X.690) or no X.509. */
  "broken-der",
  /** By the staple. */
  "revoked",
  "expired",
  "not-yet-valid",
  "name-mismatch",
  "self-signed",
  /** The path ends at an issuer no store has. */
  "untrusted",
  /** An issuer of the path is no CA, may not sign certificates, or stands too high (path length). */
  "invalid-issuer",
  /** A name an issuer of the path may not certify, or one of a form that cannot be told. */
  "name-constraints",
  /** A critical extension that is not understood. */
  "unknown-critical",
  /** Key usage or extended key usage leaves servers out. */
  "wrong-eku",
  /** SHA-1, MD5, MD4 or MD2; what a root signed itself with does not count. */
  "weak-signature",
  /** The modulus has the fingerprint of CVE-2017-15361. */
  "roca",
  /** RSA under 2048 bits, with a factor that is found or a bad exponent; EC under 256 or spelt out; DSA. */
  "weak-key",
  "incomplete-chain",
  "no-san",
  "must-staple-missing",
  "wrong-order",
  /** Under 30 days, or a third of the lifetime where that is less. */
  "expires-soon",
  /** Longer than CAs that browsers trust may issue. */
  "too-long",
  "extra-certificate",
  "root-sent",
  /** Zero, negative or over 20 octets. */
  "odd-serial",
] as const;
export type CertificateProblem = (typeof CERTIFICATE_PROBLEMS)[number];

const DAY_MS = 86_400_000;
/** Fewer days than this left is soon (spec/tls.md section 1: warn under 30) ... */
const SOON_DAYS = 30;
/** ... or less than this part of the lifetime, for certificates that live shorter than 90 days. */
const SOON_PART = 1 / 3;
/** NIST SP 800-57 part 1: 112 bits of strength for RSA and DSA, 128 for curves as browsers have them. */
const RSA_BITS_MIN = 2048;
const EC_BITS_MIN = 256;
/** RFC 5280 section 4.1.2.2. */
const SERIAL_DIGITS_MAX = 40;

export interface ChainFacts {
  readonly leaf: Certificate;
  /** As sent, the leaf first; broken ones left out. */
  readonly sent: readonly Certificate[];
  readonly path: CertificatePath;
  /** What makes every verifier refuse the path. */
  readonly faults: readonly PathFault[];
  readonly store: TrustStore;
  readonly staple: TlsScan["staple"];
  /** An answer came with the certificate, whatever it is worth. */
  readonly hasStaple: boolean;
  readonly hostNames: readonly string[];
  readonly nowMs: number;
  /** Some certificate or known extension of the list is broken DER. */
  readonly isBroken: boolean;
  /** The server sent more certificates than are looked at. */
  readonly isCut: boolean;
  /** More signatures were to be checked than are: that no path was found says nothing. */
  readonly isExhausted: boolean;
  isIssued(certificate: Certificate, by: Certificate): boolean;
  isSelfSigned(certificate: Certificate): boolean;
}

/** Every problem, worst first. */
export function problemsOf(facts: ChainFacts): readonly CertificateProblem[] {
  const found = new Set<CertificateProblem>([
    ...(facts.isBroken ? (["broken-der"] as const) : []),
    ...facts.faults,
    ...dateProblems(facts),
    ...nameProblems(facts),
    ...anchorProblems(facts),
    ...strengthProblems(facts),
    ...orderProblems(facts),
  ]);
  const { leaf, staple } = facts;
  if (isOddSerial(leaf.serial)) found.add("odd-serial");
  if (staple === "revoked") found.add("revoked");
  if (leaf.extensions.mustStaple && lacksStaple(facts)) found.add("must-staple-missing");
  return CERTIFICATE_PROBLEMS.filter((problem) => found.has(problem));
}

/** None came, or one that says nothing; where it was not asked for, nothing is known. */
function lacksStaple({ staple, hasStaple }: ChainFacts): boolean {
  return staple === "none" || (hasStaple && (staple === "unknown" || staple === "stale"));
}

/** Expiry and the future are faults of the path. */
function dateProblems({ leaf, path, nowMs }: ChainFacts): readonly CertificateProblem[] {
  const { certificates, anchor } = path;
  const all = anchor === undefined ? certificates : [...certificates, anchor.certificate];
  const isSoon = ({ notBeforeMs, notAfterMs }: Certificate) => {
    const soonMs = Math.min(SOON_DAYS * DAY_MS, (notAfterMs - notBeforeMs) * SOON_PART);
    return notAfterMs >= nowMs && notAfterMs - nowMs < soonMs;
  };
  // The rule is of the CAs that browsers trust; an own CA may do as it likes.
  const isPublic = anchor?.from === "system";
  const lifetimeMs = leaf.notAfterMs - leaf.notBeforeMs;
  const isLong = isPublic && lifetimeMs > lifetimeDaysMax(leaf.notBeforeMs) * DAY_MS;
  return [
    ...(all.some(isSoon) ? (["expires-soon"] as const) : []),
    ...(isLong ? (["too-long"] as const) : []),
  ];
}

/** Zero, negative, or over 20 octets (RFC 5280 section 4.1.2.2). */
function isOddSerial(serial: string): boolean {
  return /^-|^0*$/.test(serial) || serial.length > SERIAL_DIGITS_MAX;
}

function nameProblems({ leaf, hostNames }: ChainFacts): readonly CertificateProblem[] {
  const { dnsNames, ipAddresses } = leaf.extensions;
  const isUnnamed = dnsNames.length + ipAddresses.length === 0;
  const isOther = hostNames.some((host) => !isNamed(leaf.extensions, host));
  return [
    ...(isOther ? (["name-mismatch"] as const) : []),
    ...(isUnnamed ? (["no-san"] as const) : []),
  ];
}

/**
 * Why no store vouches for the path. Issuers are not fetched, so that a missing one is told from a
 * CA nobody trusts by what points at a trusted CA: a timestamp of a public log, an anchor of the same
 * organization, or the operator's own `--cacert` for a leaf that came alone.
 */
function anchorProblems(facts: ChainFacts): readonly CertificateProblem[] {
  const { leaf, path, store } = facts;
  const top = path.certificates.at(-1) ?? leaf;
  if (path.anchor !== undefined) return [];
  if (isRoot(facts, leaf)) return ["self-signed"];
  if (facts.isExhausted) return [];
  if (!store.hasSystem && !store.hasYourCa) return [];
  const untrusted = store.hasSystem ? (["untrusted"] as const) : [];
  if (isRoot(facts, top)) return untrusted;
  if (hasKnownIssuer(facts, top)) return ["incomplete-chain"];
  return top === leaf ? [...untrusted, "incomplete-chain"] : untrusted;
}

/** Whether the issuer that is missing above `top` is likely one of a trusted CA's. */
function hasKnownIssuer({ leaf, store }: ChainFacts, top: Certificate): boolean {
  const organization = top.issuer.organization;
  if (organization !== undefined && store.hasOrganization(organization)) return true;
  return leaf.extensions.sctCount > 0 || (top === leaf && store.hasYourCa);
}

function isRoot(facts: ChainFacts, certificate: Certificate): boolean {
  return isSelfIssued(certificate) && facts.isSelfSigned(certificate);
}

/** Of what was sent and is used; the anchor's own key is its store's business, unless it is the leaf. */
function strengthProblems({ leaf, path }: ChainFacts): readonly CertificateProblem[] {
  const { certificates, anchor } = path;
  const judged = certificates.filter(
    (one) => one === leaf || one.fingerprint256 !== anchor?.certificate.fingerprint256,
  );
  const moduli = judged.flatMap(({ publicKey }) => publicKey.modulus ?? []).map(modulusWeakness);
  const isGivenAway = moduli.some((weakness) => weakness !== undefined && weakness !== "roca");
  return [
    ...(moduli.includes("roca") ? (["roca"] as const) : []),
    ...(isGivenAway || judged.some(isWeakKey) ? (["weak-key"] as const) : []),
  ];
}

function isWeakKey({ publicKey }: Certificate): boolean {
  const { type, bits, exponent = 0, hasExplicitCurve } = publicKey;
  // An even exponent has no inverse: such a key was never made by anything sound.
  if (type === "RSA") return bits < RSA_BITS_MIN || exponent < 3 || exponent % 2 === 0;
  if (type === "EC") return bits < EC_BITS_MIN || hasExplicitCurve === true;
  return type === "DSA";
}

/** RFC 8446 section 4.4.2: each following certificate should certify one before it; the root may be left out. */
function orderProblems(facts: ChainFacts): readonly CertificateProblem[] {
  const { sent, leaf, isCut } = facts;
  const related = ancestorsOf(facts);
  const kept = sent.filter((one, at) => at === 0 || related.has(one));
  const isDouble = new Set(sent.map(({ fingerprint256 }) => fingerprint256)).size < sent.length;
  const isExtra = isDouble || isCut || kept.length < sent.length;
  const isDisordered = kept.some(
    (one, at) => at > 0 && !kept.slice(0, at).some((before) => isAbove(facts, before, one)),
  );
  // The real leaf further down: the first one is its issuer.
  const isUpsideDown = sent.some((one) => one !== leaf && isAbove(facts, one, leaf));
  const isRootSent = kept.some((one, at) => at > 0 && isRoot(facts, one));
  return [
    ...(isDisordered || isUpsideDown ? (["wrong-order"] as const) : []),
    ...(isExtra ? (["extra-certificate"] as const) : []),
    ...(isRootSent ? (["root-sent"] as const) : []),
  ];
}

function isAbove(facts: ChainFacts, certificate: Certificate, issuer: Certificate): boolean {
  const isOther = certificate.fingerprint256 !== issuer.fingerprint256;
  return isOther && facts.isIssued(certificate, issuer);
}

/** Those of the sent certificates that stand above the leaf, by any way. */
function ancestorsOf(facts: ChainFacts): ReadonlySet<Certificate> {
  const bySubject = Map.groupBy(facts.sent, ({ subject }) => subject.key);
  const found = new Set<Certificate>();
  const queue: Certificate[] = [facts.leaf];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const issuer of bySubject.get(next.issuer.key) ?? []) {
      if (found.has(issuer) || issuer === facts.leaf || !isAbove(facts, next, issuer)) continue;
      found.add(issuer);
      queue.push(issuer);
    }
  }
  return found;
}
