import type { TlsVerdict, TlsVulnerability } from "../../core/tls-scan.ts";
import { bitLength } from "../../wire/tls/server-key-exchange.ts";
import { type CipherSuite, suiteByCode } from "../../wire/tls/suites.ts";
import { commonPrimeName } from "./common-primes.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** Primes up to here are broken in advance for everybody who shares them (weakdh.org, 2015). */
const SHARED_PRIME_BITS_MAX = 1024;
/** Bits of DHE_EXPORT: whatever suite such a prime comes with, it is Logjam. */
const EXPORT_PRIME_BITS_MAX = 512;

/** Primes of Diffie-Hellman that were seen. */
export interface PrimeSurvey {
  /** Bits of the smallest; those of EXPORT suites, 512 by definition, only where there are no others. */
  readonly dhBits?: number;
  readonly dhCommonPrime?: string;
  /** Bits of the smallest widely shared one that a server proves itself with: anonymous suites left aside. */
  readonly sharedBits?: number;
}

/** Every suite with a ServerKeyExchange shows its prime, so that DHE, EXPORT and anonymous are all looked at. */
export function surveyPrimes(surveys: readonly ProtocolSurvey[]): PrimeSurvey {
  const seen = surveys
    .flatMap(({ replies }) => replies)
    .flatMap(({ hello, parameters }) => {
      if (parameters?.kind !== "dh") return [];
      const { prime } = parameters;
      return [
        { bits: bitLength(prime), name: commonPrimeName(prime), suite: suiteByCode(hello.suite) },
      ];
    })
    .toSorted((a, b) => a.bits - b.bits);
  const ordinary = seen.find(({ suite }) => suite?.isExport !== true) ?? seen[0];
  if (ordinary === undefined) return {};
  const shared = seen.filter(({ name }) => name !== undefined);
  const proven = shared.find(({ suite }) => suite?.authentication !== "anon");
  return {
    dhBits: ordinary.bits,
    ...(shared[0]?.name === undefined ? {} : { dhCommonPrime: shared[0].name }),
    ...(proven === undefined ? {} : { sharedBits: proven.bits }),
  };
}

type Rule = (suite: CipherSuite, survey: ProtocolSurvey) => boolean;

/** CVE-2011-3389: CBC up to TLS 1.0. */
const isOld = ({ protocol }: ProtocolSurvey) => protocol === "SSLv3" || protocol === "TLSv1";
/** Blocks of 64 bits (CVE-2016-2183): DES, 3DES, IDEA, RC2 and GOST 28147. */
const SHORT_BLOCKS = /^(?:DES|3DES|IDEA|RC2|28147|MAGMA)/;

const RULES: Readonly<Partial<Record<TlsVulnerability, Rule>>> = {
  "poodle-ssl": ({ mode }, { protocol }) => protocol === "SSLv3" && mode === "CBC",
  beast: ({ mode }, survey) => isOld(survey) && mode === "CBC",
  sweet32: ({ cipher }) => SHORT_BLOCKS.test(cipher),
  rc4: ({ cipher }) => cipher.startsWith("RC4"),
  null: ({ mode }) => mode === "NULL",
  anon: ({ authentication }) => authentication === "anon",
  freak: ({ keyExchange, isExport }) => keyExchange === "RSA" && isExport,
  logjam: ({ keyExchange, authentication, isExport }) =>
    keyExchange === "DHE" && authentication !== "anon" && isExport,
};

/**
 * Weaknesses that follow from the suites and primes alone. A "not vulnerable" rests on lists that are complete;
 * where a protocol or list is not, it is `unknown`.
 */
export function impliedWeaknesses(
  surveys: readonly ProtocolSurvey[],
  primes: PrimeSurvey,
): Readonly<Partial<Record<TlsVulnerability, TlsVerdict>>> {
  const isComplete = surveys.every(
    ({ state, incomplete }) => state !== "unknown" && incomplete === undefined,
  );
  const verdict = (isFound: boolean): TlsVerdict =>
    isFound ? "vulnerable" : isComplete ? "not-vulnerable" : "unknown";
  const found = Object.entries(RULES).map(([name, rule]) => [
    name,
    verdict(surveys.some((survey) => survey.suites.some((code) => matches(rule, code, survey)))),
  ]);
  const rules: Partial<Record<TlsVulnerability, TlsVerdict>> = Object.fromEntries(found);
  const isExportSize = (primes.dhBits ?? Number.POSITIVE_INFINITY) <= EXPORT_PRIME_BITS_MAX;
  const logjam = isExportSize ? "vulnerable" : (rules.logjam ?? "unknown");
  const isShared = (primes.sharedBits ?? Number.POSITIVE_INFINITY) <= SHARED_PRIME_BITS_MAX;
  return {
    ...rules,
    logjam,
    // Logjam proper says it already, and worse.
    "logjam-common-prime": logjam === "vulnerable" ? "not-applicable" : verdict(isShared),
    ...ssl2Weaknesses(surveys),
  };
}

function matches(rule: Rule, code: number, survey: ProtocolSurvey): boolean {
  const suite = suiteByCode(code);
  return suite !== undefined && rule(suite, survey);
}

/** CVE-2016-0800: any answer in SSL 2.0, with or without cipher kinds. */
function ssl2Weaknesses(
  surveys: readonly ProtocolSurvey[],
): Readonly<Partial<Record<TlsVulnerability, TlsVerdict>>> {
  const ssl2 = surveys.find(({ protocol }) => protocol === "SSLv2");
  const names = ssl2?.suiteNames ?? [];
  const drown =
    ssl2?.state === "on" ? "vulnerable" : ssl2?.state === "off" ? "not-vulnerable" : "unknown";
  return {
    drown,
    ...(names.some((name) => name.includes("RC4")) ? { rc4: "vulnerable" } : {}),
  };
}
