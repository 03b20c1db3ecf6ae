import type { Certificate } from "../../wire/x509/certificate.ts";
import { isSignedBy } from "../../wire/x509/verify.ts";
import type { Anchor, TrustStore } from "./certificate-store.ts";

/** Certificates in one path, leaf and anchor included. */
const PATH_LENGTH_MAX = 12;
/** Complete paths that are compared; cross-signed CAs give two or three. */
const PATHS_MAX = 16;
/** Certificates visited on all ways together: CAs that all certify each other have factorially many. */
const STEPS_MAX = 500;
/** Signatures checked for one chain: a list of a hundred cross-signed certificates is an attack. */
const VERIFICATIONS_MAX = 200;

/** A way from the leaf upwards. `anchor` is its end when a store holds it. */
export interface CertificatePath {
  /** Leaf first; the anchor is not among them unless the server sent it. */
  readonly certificates: readonly Certificate[];
  readonly anchor: Anchor | undefined;
}

/** Answers whether one certificate signed another, each pair once, up to a limit of pairs. */
export type SignatureCheck = (certificate: Certificate, issuer: Certificate) => boolean;

export function signatureCheck(): SignatureCheck {
  const answers = new Map<string, boolean>();
  return (certificate, issuer) => {
    const pair = `${certificate.fingerprint256} ${issuer.fingerprint256}`;
    const known = answers.get(pair);
    if (known !== undefined) return known;
    if (answers.size >= VERIFICATIONS_MAX) return false;
    const answer = isSignedBy(certificate, issuer);
    answers.set(pair, answer);
    return answer;
  };
}

export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.key === subject.key;
}

/** Whether `issuer` is by name, constraints and signature the issuer of `certificate`. */
export function isIssuedBy(
  certificate: Certificate,
  issuer: Certificate,
  isSigned: SignatureCheck,
): boolean {
  return (
    certificate.issuer.key === issuer.subject.key &&
    isCertifier(issuer) &&
    isSigned(certificate, issuer)
  );
}

/** RFC 5280 section 4.2.1.9; roots of version 1 have no constraints and are believed as they are. */
function isCertifier({ extensions, subject, issuer }: Certificate): boolean {
  const { basicConstraints, mayCertify } = extensions;
  const isCa = basicConstraints?.isCa ?? subject.key === issuer.key;
  return isCa && mayCertify !== false;
}

/**
 * The best path from `leaf` over the certificates `sent` (in any order) and those of the store: one
 * to an anchor with every date good at `nowMs`, else one to an anchor, else the longest.
 */
export function bestPath(
  leaf: Certificate,
  sent: readonly Certificate[],
  store: TrustStore,
  nowMs: number,
  isSigned: SignatureCheck,
): CertificatePath {
  const sentBySubject = Map.groupBy(sent, ({ subject }) => subject.key);
  const complete: CertificatePath[] = [];
  let longest: readonly Certificate[] = [leaf];
  let steps = 0;

  const climb = (certificates: readonly Certificate[], top: Certificate): void => {
    steps += 1;
    if (complete.length >= PATHS_MAX || steps > STEPS_MAX) return;
    if (certificates.length > longest.length) longest = certificates;
    const anchors = anchorsAbove(certificates, top, store, isSigned);
    complete.push(...anchors.map((anchor) => ({ certificates, anchor })));
    const isEnd = certificates.length >= PATH_LENGTH_MAX;
    const candidates = isEnd ? [] : (sentBySubject.get(top.issuer.key) ?? []);
    const next = candidates.filter((issuer) => isNextOf(certificates, top, issuer, isSigned));
    for (const issuer of next) climb([...certificates, issuer], issuer);
  };
  climb([leaf], leaf);

  const ranked = complete.map((path) => ({ path, rank: rankOf(path, nowMs) }));
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked[0]?.path ?? { certificates: longest, anchor: undefined };
}

/** Anchors that `top` is itself, or that issued it. */
function anchorsAbove(
  path: readonly Certificate[],
  top: Certificate,
  store: TrustStore,
  isSigned: SignatureCheck,
): readonly Anchor[] {
  const itself = store.bySubject.get(top.subject.key) ?? [];
  const issuers = store.bySubject.get(top.issuer.key) ?? [];
  return [
    ...itself.filter(({ certificate }) => isSameKey(certificate, top)),
    ...issuers.filter(({ certificate }) => isNextOf(path, top, certificate, isSigned)),
  ];
}

function isNextOf(
  path: readonly Certificate[],
  top: Certificate,
  issuer: Certificate,
  isSigned: SignatureCheck,
): boolean {
  const isNew = path.every((member) => !isSameKey(member, issuer));
  return isNew && mayFollow(path, issuer) && isIssuedBy(top, issuer, isSigned);
}

/** Path length constraint: how many intermediates may stand below `issuer`. */
function mayFollow(path: readonly Certificate[], issuer: Certificate): boolean {
  const limit = issuer.extensions.basicConstraints?.pathLength;
  const below = path.slice(1).filter((certificate) => !isSelfIssued(certificate)).length;
  return limit === undefined || below <= limit;
}

/** The same subject with the same key: one CA, whichever of its certificates it is. */
function isSameKey(a: Certificate, b: Certificate): boolean {
  if (a.fingerprint256 === b.fingerprint256) return true;
  const one = a.publicKey.spki;
  const other = b.publicKey.spki;
  return (
    a.subject.key === b.subject.key &&
    one.length === other.length &&
    one.every((octet, at) => octet === other[at])
  );
}

/** Less is better: dates first, then whose store, then length. */
function rankOf({ certificates, anchor }: CertificatePath, nowMs: number): number {
  const all = anchor === undefined ? certificates : [...certificates, anchor.certificate];
  const isCurrent = all.every(
    ({ notBeforeMs, notAfterMs }) => notBeforeMs <= nowMs && nowMs <= notAfterMs,
  );
  return (isCurrent ? 0 : 1_000) + (anchor?.from === "system" ? 0 : 100) + certificates.length;
}
