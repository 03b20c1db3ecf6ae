import type { TlsScan } from "../../core/tls-scan.ts";
import type { Certificate } from "../../wire/x509/certificate.ts";
import { EKU } from "../../wire/x509/object-ids.ts";
import { isNamed } from "./certificate-names.ts";
import { type CertificatePath, isSelfIssued } from "./certificate-path.ts";
import type { TrustStore } from "./certificate-store.ts";

/** Slugs of what can be wrong with a chain, worst first. */
export const CERTIFICATE_PROBLEMS = [
  "broken-der",
  "expired",
  "not-yet-valid",
  "name-mismatch",
  "self-signed",
  "untrusted",
  "wrong-eku",
  "weak-signature",
  "weak-key",
  "incomplete-chain",
  "no-san",
  "must-staple-missing",
  "wrong-order",
  "expires-soon",
  "too-long",
  "extra-certificate",
  "root-sent",
] as const;
export type CertificateProblem = (typeof CERTIFICATE_PROBLEMS)[number];

const DAY_MS = 86_400_000;
/** Fewer days than this left is soon (spec/tls.md section 1: warn under 30). */
const SOON_DAYS = 30;
/** CA/Browser Forum Baseline Requirements 6.3.2 from 2020-09-01: 398 days, and a second of grace for the inclusive end. */
const LIFETIME_DAYS_MAX = 398;
/** NIST SP 800-57 part 1: 112 bits of strength for RSA and DSA, 128 for curves as browsers have them. */
const RSA_BITS_MIN = 2048;
const EC_BITS_MIN = 256;
/** Hashes that no longer resist a collision (RFC 9155, RFC 6151). */
const BROKEN_HASHES: readonly (string | null)[] = ["md2", "md4", "md5", "sha1"];

export interface ChainFacts {
  readonly leaf: Certificate;
  /** As sent, the leaf first; broken ones left out. */
  readonly sent: readonly Certificate[];
  readonly path: CertificatePath;
  readonly store: TrustStore;
  readonly staple: TlsScan["staple"];
  readonly hostNames: readonly string[];
  readonly nowMs: number;
  /** Some certificate or known extension of the list is broken DER. */
  readonly isBroken: boolean;
  /** The server sent more certificates than are looked at. */
  readonly isCut: boolean;
  isIssued(certificate: Certificate, by: Certificate): boolean;
  isSelfSigned(certificate: Certificate): boolean;
}

/** Every problem, worst first. */
export function problemsOf(facts: ChainFacts): readonly CertificateProblem[] {
  const found = new Set<CertificateProblem>([
    ...(facts.isBroken ? (["broken-der"] as const) : []),
    ...dateProblems(facts),
    ...nameProblems(facts),
    ...anchorProblems(facts),
    ...strengthProblems(facts),
    ...orderProblems(facts),
  ]);
  const { leaf, staple } = facts;
  if (isWrongPurpose(facts)) found.add("wrong-eku");
  if (leaf.extensions.mustStaple && staple === "none") found.add("must-staple-missing");
  return CERTIFICATE_PROBLEMS.filter((problem) => found.has(problem));
}

function dateProblems({ leaf, path, nowMs }: ChainFacts): readonly CertificateProblem[] {
  const { certificates, anchor } = path;
  const all = anchor === undefined ? certificates : [...certificates, anchor.certificate];
  const problems: CertificateProblem[] = [];
  if (all.some(({ notAfterMs }) => notAfterMs < nowMs)) problems.push("expired");
  if (all.some(({ notBeforeMs }) => notBeforeMs > nowMs)) problems.push("not-yet-valid");
  const isSoon = ({ notAfterMs }: Certificate) =>
    notAfterMs >= nowMs && notAfterMs - nowMs < SOON_DAYS * DAY_MS;
  if (all.some(isSoon)) problems.push("expires-soon");
  const lifetimeMs = leaf.notAfterMs - leaf.notBeforeMs;
  if (lifetimeMs > LIFETIME_DAYS_MAX * DAY_MS) problems.push("too-long");
  return problems;
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
  if (!store.hasSystem && !store.hasYourCa) return [];
  const untrusted = store.hasSystem ? (["untrusted"] as const) : [];
  if (isRoot(facts, top)) return untrusted;
  if (hasKnownIssuer(facts, top)) return ["incomplete-chain"];
  return top === leaf ? [...untrusted, "incomplete-chain"] : untrusted;
}

/** Whether the issuer that is missing above `top` is likely one of a trusted CA's. */
function hasKnownIssuer({ leaf, store }: ChainFacts, top: Certificate): boolean {
  const organization = top.issuer.organization?.toLowerCase();
  if (organization !== undefined && store.organizations.has(organization)) return true;
  return leaf.extensions.sctCount > 0 || (top === leaf && store.hasYourCa);
}

function isRoot(facts: ChainFacts, certificate: Certificate): boolean {
  return isSelfIssued(certificate) && facts.isSelfSigned(certificate);
}

/** Of what was sent and is used; the anchor's own key and signature are its store's business. */
function strengthProblems({ path }: ChainFacts): readonly CertificateProblem[] {
  const judged = path.certificates.filter(
    (certificate) => certificate.fingerprint256 !== path.anchor?.certificate.fingerprint256,
  );
  const members = judged.length > 0 ? judged : path.certificates;
  const problems: CertificateProblem[] = [];
  if (members.some(isWeakKey)) problems.push("weak-key");
  if (members.some(({ signature }) => BROKEN_HASHES.includes(signature.hash))) {
    problems.push("weak-signature");
  }
  return problems;
}

function isWeakKey({ publicKey: { type, bits, exponent } }: Certificate): boolean {
  if (type === "RSA") return bits < RSA_BITS_MIN || (exponent ?? 0) < 3;
  if (type === "EC") return bits < EC_BITS_MIN;
  return type === "DSA";
}

/** Extended key usage of the leaf, and of intermediates that are limited to purposes. */
function isWrongPurpose({ path }: ChainFacts): boolean {
  return path.certificates.some(({ extensions: { extendedKeyUsage } }) => {
    if (extendedKeyUsage === undefined) return false;
    return !extendedKeyUsage.includes(EKU.serverAuth) && !extendedKeyUsage.includes(EKU.any);
  });
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
