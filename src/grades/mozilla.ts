import type { HstsSeen } from "../core/tls-grade-caps.ts";
import type { TlsCertificate, TlsProtocol, TlsScan } from "../core/tls-scan.ts";
import { describeSuite } from "../core/tls-suite.ts";

/** Mozilla Server Side TLS guidelines 6.0 (ssl-config-generator 858f8f7, 2026-05-03). */
const MOZILLA_GUIDELINES = { method: "mozilla-server-side-tls", version: "6.0" } as const;

/** `fail`: weaker than the profile. `warn`: something strong is missing. `info`: worth knowing. */
export interface ProfileDifference {
  readonly level: "fail" | "warn" | "info";
  readonly what: string;
}

export interface MozillaConformance {
  readonly method: string;
  /** Of the guidelines. */
  readonly version: string;
  /** The strictest profile without a `fail`; `unknown` where a needed question got no answer. */
  readonly profile: "modern" | "intermediate" | "neither" | "unknown";
  /** By profile, everything that differs. */
  readonly differences: Readonly<Record<ProfileName, readonly ProfileDifference[]>>;
  /** What got no answer and the verdict rests on. */
  readonly unanswered: readonly string[];
}

export type ProfileName = "modern" | "intermediate";

interface Profile {
  readonly protocols: readonly TlsProtocol[];
  readonly suites12: readonly string[];
  readonly keys: readonly string[];
  readonly lifetimeDaysMax: number;
  readonly signatures: RegExp;
}

const SUITES_13: readonly string[] = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
];
const GROUPS: readonly string[] = ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1"];
const STRONG_GROUPS: ReadonlySet<string> = new Set([
  "secp521r1",
  "x448",
  "SecP256r1MLKEM768",
  "SecP384r1MLKEM1024",
  "MLKEM512",
  "MLKEM768",
  "MLKEM1024",
  "brainpoolP256r1tls13",
  "brainpoolP384r1tls13",
  "brainpoolP512r1tls13",
  "ffdhe2048",
  "ffdhe3072",
  "ffdhe4096",
  "ffdhe6144",
  "ffdhe8192",
]);
/** Two years, for both profiles. */
const HSTS_SECONDS_MIN = 63_072_000;
const DH_BITS_MIN = 2048;
/** For both profiles; modern has it as its limit. */
const LIFETIME_DAYS_ADVISED = 90;

const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  modern: {
    protocols: ["TLSv1.3"],
    suites12: [],
    keys: ["EC 256", "EC 384"],
    lifetimeDaysMax: 90,
    signatures: /^ecdsa-with-SHA(?:256|384|512)$/,
  },
  intermediate: {
    protocols: ["TLSv1.2", "TLSv1.3"],
    suites12: ["ECDSA", "RSA"].flatMap((key) =>
      ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"].map(
        (cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`,
      ),
    ),
    keys: ["EC 256", "EC 384", "RSA 2048"],
    lifetimeDaysMax: 366,
    signatures: /^(?:ecdsa-with-SHA(?:256|384|512)|sha256WithRSAEncryption)$/,
  },
};

/**
 * How one address compares with the profiles modern and intermediate; there is no "old" since 6.0.
 * A difference counts by its direction (spec/tls.md section 3): weaker fails, a missing strength
 * warns, a missing post-quantum group informs. The CA's choice of signature is no weakness of the
 * server: a stronger or other one only warns.
 */
export function conformanceOf(
  scan: TlsScan,
  { hsts }: { readonly hsts: HstsSeen },
): MozillaConformance {
  const differences = {
    modern: differencesFrom(scan, PROFILES.modern, hsts),
    intermediate: differencesFrom(scan, PROFILES.intermediate, hsts),
  };
  const unanswered = unansweredIn(scan);
  const isWithout = (name: ProfileName) => differences[name].every(({ level }) => level !== "fail");
  const fitting = (["modern", "intermediate"] as const).find(isWithout);
  const isOpen = scan.state !== "tls" || unanswered.length > 0;
  // A weakness that was seen decides, whatever else was not answered.
  return {
    ...MOZILLA_GUIDELINES,
    profile: fitting === undefined ? failing(scan) : isOpen ? "unknown" : fitting,
    differences,
    unanswered,
  };
}

function failing(scan: TlsScan): "neither" | "unknown" {
  return scan.state === "tls" ? "neither" : "unknown";
}

function differencesFrom(
  scan: TlsScan,
  profile: Profile,
  hsts: HstsSeen,
): readonly ProfileDifference[] {
  return [
    ...protocolDifferences(scan, profile),
    ...suiteDifferences(scan, profile),
    ...groupDifferences(scan),
    ...(scan.certificates ?? []).flatMap((one) => certificateDifferences(one, profile)),
    ...otherDifferences(scan, hsts),
  ];
}

function protocolDifferences(scan: TlsScan, profile: Profile): readonly ProfileDifference[] {
  const offered = scan.protocols ?? [];
  const weaker = offered.filter((protocol) => !profile.protocols.includes(protocol));
  const missing = profile.protocols.filter(
    (protocol) =>
      scan.protocols !== null &&
      !offered.includes(protocol) &&
      !scan.protocolsUnknown.includes(protocol),
  );
  return [
    ...weaker.map((protocol) => fails(`${protocol} is offered`)),
    ...missing.map((protocol) => warns(`${protocol} is not offered`)),
  ];
}

function suiteDifferences(scan: TlsScan, profile: Profile): readonly ProfileDifference[] {
  const allowed = [...SUITES_13, ...profile.suites12];
  const offered = profile.protocols.flatMap((protocol) => scan.suites[protocol] ?? []);
  const extra = [...new Set(offered)].filter((suite) => !allowed.includes(suite));
  const keys = new Set((scan.certificates ?? []).map(({ keyType }) => keyType));
  const usable = profile.suites12.filter((suite) =>
    keys.has(suite.includes("_ECDSA_") ? "EC" : "RSA"),
  );
  const wanted = [
    ...(scan.suites["TLSv1.3"] === undefined ? [] : SUITES_13),
    ...(scan.suites["TLSv1.2"] === undefined ? [] : usable),
  ];
  return [
    ...extra.map((suite) => (isSound(suite) ? warns : fails)(`suite ${suite} is offered`)),
    ...wanted
      .filter((suite) => !offered.includes(suite))
      .map((suite) => warns(`suite ${suite} is not offered`)),
  ];
}

/** Outside the profile, yet no weaker: DHE with AEAD, CCM. Tags of 64 bits (CCM_8) are weaker. */
function isSound(suite: string): boolean {
  const { isForwardSecret, isAead, bits, authentication } = describeSuite(suite);
  const isStrong = isForwardSecret && isAead && bits >= 128 && authentication !== "anon";
  return isStrong && !suite.includes("CCM_8");
}

function groupDifferences(scan: TlsScan): readonly ProfileDifference[] {
  if (scan.groups === null) return [];
  const { groups } = scan;
  const extra = groups.filter((group) => !GROUPS.includes(group));
  const missing = GROUPS.filter((group) => !groups.includes(group));
  return [
    ...extra.map((group) =>
      STRONG_GROUPS.has(group)
        ? informs(`group ${group} is offered beyond the profile`)
        : fails(`group ${group} is offered`),
    ),
    ...missing.map((group) =>
      group.includes("MLKEM")
        ? informs(`post-quantum group ${group} is not offered`)
        : warns(`group ${group} is not offered`),
    ),
  ];
}

function certificateDifferences(
  certificate: TlsCertificate,
  { keys, lifetimeDaysMax, signatures }: Profile,
): readonly ProfileDifference[] {
  const { keyType, keyBits, signature, notBefore, notAfter, problems } = certificate;
  const key = `${keyType} ${keyBits}`;
  const days = (Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000;
  const isEdwards = keyType === "Ed25519" || keyType === "Ed448";
  const isListed = keys.some((one) => one.startsWith(keyType));
  // Keys of the Edwards curves are in no profile, and no weaker than those that are.
  const isStrong = isEdwards || (isListed && keyBits >= (keyType === "RSA" ? 2048 : 256));
  const found: ProfileDifference[] = [];
  if (!keys.includes(key)) {
    found.push(
      isStrong
        ? informs(`certificate key ${key} is beyond the profile`)
        : fails(`certificate key ${key}`),
    );
  }
  // Validity is counted with its last second (RFC 5280 section 4.1.2.5).
  const lasts = `the certificate lasts ${Math.round(days)} days`;
  if (days > lifetimeDaysMax) found.push(fails(`${lasts} (${lifetimeDaysMax} at most)`));
  else if (days > LIFETIME_DAYS_ADVISED) {
    found.push(informs(`${lasts} (${LIFETIME_DAYS_ADVISED} recommended)`));
  }
  if (!signatures.test(signature)) {
    const isWeak = problems.includes("weak-signature");
    found.push((isWeak ? fails : warns)(`the certificate is signed with ${signature}`));
  }
  return found;
}

function otherDifferences(scan: TlsScan, hsts: HstsSeen): readonly ProfileDifference[] {
  const seconds = hsts === "unknown" ? undefined : (hsts?.maxAgeSeconds ?? 0);
  const found: ProfileDifference[] = [];
  if (scan.dhBits !== undefined && scan.dhBits < DH_BITS_MIN) {
    found.push(fails(`DH parameters of ${scan.dhBits} bits`));
  }
  if (seconds !== undefined && seconds < HSTS_SECONDS_MIN) {
    const says = hsts === null ? "HSTS is missing" : `HSTS lasts ${seconds} s`;
    found.push(warns(`${says} (${HSTS_SECONDS_MIN} s wanted)`));
  }
  if (scan.serverOrder === true) found.push(warns("the server insists on its own order of suites"));
  if (scan.staple === "none") found.push(informs("no OCSP staple"));
  return found;
}

function unansweredIn(scan: TlsScan): readonly string[] {
  return [
    ...(scan.protocols === null ? ["protocols"] : []),
    ...scan.protocolsUnknown,
    ...Object.keys(scan.suitesIncomplete).map((protocol) => `suites of ${protocol}`),
    ...(scan.groups === null ? ["groups"] : []),
    ...((scan.certificates ?? []).length === 0 ? ["certificate"] : []),
  ];
}

function fails(what: string): ProfileDifference {
  return { level: "fail", what };
}

function warns(what: string): ProfileDifference {
  return { level: "warn", what };
}

function informs(what: string): ProfileDifference {
  return { level: "info", what };
}
