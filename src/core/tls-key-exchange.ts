import type { AcceptedSuite } from "./tls-grade-caps.ts";
import type { TlsCertificate, TlsScan } from "./tls-scan.ts";

/** One thing the key exchange rests on, by table 5 of the rating guide. */
export interface KeyStrength {
  readonly score: number;
  /** What it is: `RSA key of 1024 bits`. */
  readonly what: string;
}

const EXPORT_SCORE = 40;
const ORDINARY_SCORE = 90;

/**
 * Certificate keys, DH parameters and small curves; anonymous suites count 0, export suites 40. Never
 * empty: where no certificate was readable and nothing else counts, an ordinary key is assumed, which
 * `provisional` says.
 */
export function keyStrengths(
  scan: TlsScan,
  suites: readonly AcceptedSuite[],
  certificates: readonly TlsCertificate[],
): readonly KeyStrength[] {
  const usesDh = suites.some(({ keyExchange }) => keyExchange === "DHE" || keyExchange === "DH");
  const usesCurves = suites.some(({ keyExchange }) => keyExchange.startsWith("ECDH"));
  const { dhBits } = scan;
  const isAnonymous = suites.some(({ authentication }) => authentication === "anon");
  const strengths: readonly KeyStrength[] = [
    ...certificates.filter(({ keyBits }) => keyBits > 0).flatMap(certificateStrengths),
    ...(usesDh && dhBits !== undefined
      ? [{ score: modulusScore(dhBits), what: `DH parameters of ${dhBits} bits` }]
      : []),
    ...(usesCurves ? smallCurves(scan.groups ?? []) : []),
    ...(suites.some(({ isExport }) => isExport)
      ? [{ score: EXPORT_SCORE, what: "export suites" }]
      : []),
    ...(isAnonymous ? [{ score: 0, what: "anonymous suites" }] : []),
  ];
  return strengths.length > 0 ? strengths : [{ score: ORDINARY_SCORE, what: "no key was seen" }];
}

/** Table 5, by bits of an RSA modulus or a DH prime. */
function modulusScore(bits: number): number {
  if (bits < 512) return 20;
  if (bits < 1024) return 40;
  if (bits < 2048) return 80;
  return bits < 4096 ? 90 : 100;
}

function keyScore(type: string, bits: number): number {
  const isCurve = type === "EC" || type === "Ed25519" || type === "Ed448";
  return modulusScore(isCurve ? rsaEquivalent(bits) : bits);
}

function certificateStrengths(certificate: TlsCertificate): readonly KeyStrength[] {
  const { keyType, keyBits, exponent, chain } = certificate;
  const own = { score: keyScore(keyType, keyBits), what: `${keyType} key of ${keyBits} bits` };
  // An intermediate weighs where it is weak; CAs of ordinary size do not lower a stronger leaf.
  const above = chain.slice(1).filter((one) => one.keyBits > 0 && one.subject !== one.issuer);
  const weak = above
    .map((one) => ({
      score: keyScore(one.keyType, one.keyBits),
      what: `an intermediate with an ${one.keyType} key of ${one.keyBits} bits`,
    }))
    .filter(({ score }) => score < ORDINARY_SCORE);
  const first = exponent === 1 ? { score: 0, what: "an RSA key with the exponent 1" } : own;
  return [first, ...weak];
}

/** NIST SP 800-57 part 1, table 2: bits of a curve as bits of RSA. */
function rsaEquivalent(bits: number): number {
  if (bits < 112) return 256;
  if (bits < 160) return 512;
  if (bits < 224) return 1024;
  if (bits < 256) return 2048;
  return bits < 384 ? 3072 : 7680;
}

/** Groups below P-256; the numbers in their names are their bits. */
function smallCurves(groups: readonly string[]): readonly KeyStrength[] {
  return groups.flatMap((group) => {
    const bits = Number(/^(?:secp|sect)(\d{3})/.exec(group)?.[1] ?? 256);
    const score = modulusScore(rsaEquivalent(bits));
    return bits < 256 ? [{ score, what: `the curve ${group}` }] : [];
  });
}
