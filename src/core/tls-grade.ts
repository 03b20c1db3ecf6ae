import {
  type AcceptedSuite,
  type GradeCap,
  type GradedFacts,
  gradeCaps,
  gradeWarnings,
  type HstsSeen,
} from "./tls-grade-caps.ts";
import { keyStrengths } from "./tls-key-exchange.ts";
import type { TlsGrade, TlsProtocol, TlsScan } from "./tls-scan.ts";
import { describeSuite } from "./tls-suite.ts";

/** Best to worst; T and M stand beside the letters and replace them. */
const LETTERS = ["A+", "A", "A-", "B", "C", "D", "E", "F", "T", "M"];

/** SSL Server Rating Guide 2009q, table 4; TLS 1.3 as 1.2 (2009r). */
const PROTOCOL_SCORES: Readonly<Record<TlsProtocol, number>> = {
  SSLv2: 0,
  SSLv3: 80,
  TLSv1: 90,
  "TLSv1.1": 95,
  "TLSv1.2": 100,
  "TLSv1.3": 100,
};

/** Least score of each letter, table 2. */
const THRESHOLDS: readonly (readonly [letter: string, least: number])[] = [
  ["A", 80],
  ["B", 65],
  ["C", 50],
  ["D", 35],
  ["E", 20],
  ["F", 0],
];

/** Weights of protocol, key exchange and cipher, table 3. */
const WEIGHTS = { protocolSupport: 0.3, keyExchange: 0.3, cipherStrength: 0.4 } as const;

/** HSTS from which on A becomes A+: six months, in seconds. */
const HSTS_SECONDS_MIN = 15_768_000;

/**
 * The grade of one scanned address by the SSL Server Rating Guide (2009r), where it speaks TLS and its
 * protocols and suites are known; else `undefined`: a server that answered nothing has no grade.
 *
 * Decided openly (spec/tls.md section 2): TLS 1.3 alone may reach A+, as FALLBACK_SCSV does not apply;
 * A+ needs HSTS; forward secrecy and AEAD are read off the list of suites; the sub-scores are shown
 * whatever the caps; nothing is truncated before the sum; curves from P-256 up do not lower the key
 * exchange below the certificate's.
 */
export function gradeTls(
  scan: TlsScan,
  { hsts }: { readonly hsts: HstsSeen },
): TlsGrade | undefined {
  if (scan.state !== "tls" || scan.protocols === null) return undefined;
  const { protocols } = scan;
  const suites = protocols.flatMap((protocol) =>
    (scan.suites[protocol] ?? []).map((name) => ({ ...describeSuite(name), protocol })),
  );
  const hasOld = protocols.includes("SSLv2") || scan.vulnerabilities.drown === "vulnerable";
  if (suites.length === 0 && !hasOld) return undefined;
  const certificates = scan.certificates ?? [];
  const strengths = keyStrengths(scan, suites, certificates);
  const keyExchange = Math.min(...strengths.map(({ score }) => score));
  const parts = {
    protocolSupport: hasOld && protocols.length === 0 ? 0 : protocolScore(protocols),
    keyExchange,
    cipherStrength: cipherScore(suites),
  };
  const facts: GradedFacts = { scan, protocols, suites, certificates, strengths, hsts };
  return finish(facts, parts);
}

function finish(facts: GradedFacts, parts: TlsGrade["parts"]): TlsGrade {
  const score = scoreOf(parts);
  const letter = THRESHOLDS.find(([, least]) => score >= least)?.[0] ?? "F";
  const caps = gradeCaps(facts);
  const warnings = gradeWarnings(facts);
  const sound = refine(worst(letter, caps.filter(isLetter)), warnings, facts);
  const grade = caps.every(isLetter) ? sound : worst(sound, caps);
  return {
    grade,
    score: roundTiesToEven(score),
    parts,
    caps: [...caps, ...warnings],
    ...(grade !== sound && { ifTrustIgnored: sound }),
    // A lower letter, or a missing SCSV, is what HSTS does not change.
    provisional: provisionalOf(facts, sound === "A" && facts.scan.fallbackScsv !== "unsupported"),
    notes: notesOf(facts),
  };
}

/** What the letter does not say. */
function notesOf({ certificates }: GradedFacts): readonly string[] {
  return certificates.some(({ trusted }) => trusted === "by-your-ca")
    ? ["graded as trusted: by your CA (--cacert); a client without it sees T"]
    : [];
}

/** As IEEE 754 has it, so that 88.5 and 60.5 are not both raised. */
function roundTiesToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function isLetter({ to }: GradeCap): boolean {
  return to !== "T" && to !== "M";
}

function worst(letter: string, caps: readonly GradeCap[]): string {
  const all = [letter, ...caps.map(({ to }) => to)];
  return LETTERS[Math.max(...all.map((one) => LETTERS.indexOf(one)))] ?? "F";
}

/** A may become A- by a warning, or A+ by HSTS where no downgrade goes unnoticed. */
function refine(
  letter: string,
  warnings: readonly GradeCap[],
  { hsts, scan }: GradedFacts,
): string {
  if (letter !== "A") return letter;
  if (warnings.length > 0) return "A-";
  const isLong = typeof hsts === "object" && (hsts?.maxAgeSeconds ?? 0) >= HSTS_SECONDS_MIN;
  return isLong && scan.fallbackScsv !== "unsupported" ? "A+" : "A";
}

/** 0 when any part is 0 (guide, "Methodology overview"). */
function scoreOf(parts: TlsGrade["parts"]): number {
  const { protocolSupport, keyExchange, cipherStrength } = parts;
  if (protocolSupport === 0 || keyExchange === 0 || cipherStrength === 0) return 0;
  return (
    protocolSupport * WEIGHTS.protocolSupport +
    keyExchange * WEIGHTS.keyExchange +
    cipherStrength * WEIGHTS.cipherStrength
  );
}

function protocolScore(protocols: readonly TlsProtocol[]): number {
  const scores = protocols.map((protocol) => PROTOCOL_SCORES[protocol]);
  return scores.length === 0 ? 0 : (Math.max(...scores) + Math.min(...scores)) / 2;
}

function cipherScore(suites: readonly AcceptedSuite[]): number {
  if (suites.length === 0) return 0;
  const bits = suites.map((suite) => suite.bits);
  return (strengthScore(Math.max(...bits)) + strengthScore(Math.min(...bits))) / 2;
}

/** Table 6. */
function strengthScore(bits: number): number {
  if (bits === 0) return 0;
  if (bits < 128) return 20;
  return bits < 256 ? 80 : 100;
}

/** What was not answered and could change the grade. */
function provisionalOf(
  { scan, certificates, hsts, suites }: GradedFacts,
  isRaisedByHsts: boolean,
): readonly string[] {
  const incomplete = Object.entries(scan.suitesIncomplete).map(
    ([protocol, why]) => `suites of ${protocol}: ${why}`,
  );
  const unasked = Object.entries(scan.vulnerabilities)
    .filter(([name, verdict]) => verdict === "unknown" && CAPPING.includes(name))
    .map(([name]) => `${name} could not be told`);
  const usesDhe = suites.some(({ keyExchange }) => keyExchange === "DHE");
  return [
    ...scan.protocolsUnknown.map((protocol) => `${protocol} got no answer`),
    ...incomplete,
    ...(certificates.length === 0 ? ["no certificate was seen"] : []),
    ...(certificates.some(({ trusted }) => trusted === "unknown")
      ? ["trust could not be checked: no system store"]
      : []),
    ...(usesDhe && scan.dhBits === undefined ? ["size of the DH prime"] : []),
    ...(hsts === "unknown" && isRaisedByHsts ? ["HSTS was not asked for, A+ needs it"] : []),
    ...unasked,
  ];
}

/** Weaknesses that cap the grade and are not read off protocols and suites. */
const CAPPING: readonly string[] = [
  "crime",
  "heartbleed",
  "ccs-injection",
  "ticketbleed",
  "robot",
  "no-secure-renegotiation",
  "insecure-renegotiation",
];
