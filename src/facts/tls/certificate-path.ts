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
export interface SignatureCheck {
  isSigned(certificate: Certificate, issuer: Certificate): boolean;
  /** A pair was not looked at: what rests on a no is then unknown. */
  readonly isExhausted: boolean;
}

export function signatureCheck(): SignatureCheck {
  const answers = new Map<string, boolean>();
  let isExhausted = false;
  return {
    isSigned: (certificate, issuer) => {
      const pair = `${certificate.fingerprint256} ${issuer.fingerprint256}`;
      const known = answers.get(pair);
      if (known !== undefined) return known;
      isExhausted ||= answers.size >= VERIFICATIONS_MAX;
      if (isExhausted) return false;
      const answer = isSignedBy(certificate, issuer);
      answers.set(pair, answer);
      return answer;
    },
    get isExhausted() {
      return isExhausted;
    },
  };
}

export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.key === subject.key;
}

/** Whether `issuer` is by name and signature the issuer of `certificate`; whether it may be one is another question. */
export function isIssuedBy(
  certificate: Certificate,
  issuer: Certificate,
  check: SignatureCheck,
): boolean {
  return certificate.issuer.key === issuer.subject.key && check.isSigned(certificate, issuer);
}

/**
 * The best path from `leaf` over the certificates `sent` (in any order) and those of the store: one
 * to an anchor with the fewest faults, by `faultsOf`, else the longest.
 */
export function bestPath(
  leaf: Certificate,
  sent: readonly Certificate[],
  store: TrustStore,
  faultsOf: (path: CertificatePath) => number,
  check: SignatureCheck,
): CertificatePath {
  const sentBySubject = Map.groupBy(sent, ({ subject }) => subject.key);
  const complete: CertificatePath[] = [];
  let longest: readonly Certificate[] = [leaf];
  let steps = 0;

  const climb = (certificates: readonly Certificate[], top: Certificate): void => {
    steps += 1;
    if (complete.length >= PATHS_MAX || steps > STEPS_MAX) return;
    if (certificates.length > longest.length) longest = certificates;
    const anchors = anchorsAbove(certificates, top, store, check);
    complete.push(...anchors.map((anchor) => ({ certificates, anchor })));
    const isEnd = certificates.length >= PATH_LENGTH_MAX;
    const candidates = isEnd ? [] : likeliestFirst(top, sentBySubject.get(top.issuer.key) ?? []);
    const next = candidates.filter((issuer) => isNextOf(certificates, top, issuer, check));
    for (const issuer of next) climb([...certificates, issuer], issuer);
  };
  climb([leaf], leaf);

  const ranked = complete.map((path) => ({ path, rank: rankOf(path, faultsOf(path)) }));
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked[0]?.path ?? { certificates: longest, anchor: undefined };
}

/** Those first whose key identifier is the one `top` names: of many CAs of one name only they need a verification. */
function likeliestFirst(
  { extensions }: Certificate,
  candidates: readonly Certificate[],
): readonly Certificate[] {
  const wanted = extensions.authorityKeyId;
  if (wanted === undefined || candidates.length < 2) return candidates;
  const distance = (one: Certificate) => (one.extensions.subjectKeyId === wanted ? 0 : 1);
  return candidates.toSorted((a, b) => distance(a) - distance(b));
}

/** Anchors that `top` is itself, or that issued it. */
function anchorsAbove(
  path: readonly Certificate[],
  top: Certificate,
  store: TrustStore,
  check: SignatureCheck,
): readonly Anchor[] {
  const itself = store.anchorsNamed(top.subject.key);
  const issuers = store.anchorsNamed(top.issuer.key);
  return [
    ...itself.filter(({ certificate }) => isSameKey(certificate, top)),
    ...issuers.filter(({ certificate }) => isNextOf(path, top, certificate, check)),
  ];
}

function isNextOf(
  path: readonly Certificate[],
  top: Certificate,
  issuer: Certificate,
  check: SignatureCheck,
): boolean {
  return path.every((member) => !isSameKey(member, issuer)) && isIssuedBy(top, issuer, check);
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

/** Less is better: faults first, then whose store, then length. */
function rankOf({ certificates, anchor }: CertificatePath, faults: number): number {
  return faults * 1_000 + (anchor?.from === "system" ? 0 : 100) + certificates.length;
}
