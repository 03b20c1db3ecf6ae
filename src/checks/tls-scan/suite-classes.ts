import type { Finding } from "../../core/check.ts";
import type { TlsSuite } from "../../core/tls-suite.ts";

/** NIST SP 800-57 part 1: 112 bits of strength. */
export const DH_BITS_MIN = 2048;
const STRENGTH_BITS_MIN = 112;

/** One way a suite up to TLS 1.2 can be weak. */
export interface SuiteClass {
  readonly rule: string;
  readonly status: Finding["status"];
  readonly what: string;
  holds(suite: TlsSuite): boolean;
}

/** A suite is named under the first class it belongs to. */
export const SUITE_CLASSES: readonly SuiteClass[] = [
  weak("null", "suites without encryption", ({ isNull }) => isNull),
  weak("anonymous", "anonymous suites", ({ authentication }) => authentication === "anon"),
  weak("export", "export suites", ({ isExport }) => isExport),
  weak("rc4", "RC4", ({ isRc4 }) => isRc4),
  weak("small-block", "DES, 3DES or another 64-bit block", ({ isSmallBlock }) => isSmallBlock),
  weak("md5", "MD5", ({ isMd5 }) => isMd5),
  weak("weak-cipher", "suites under 112 bits", ({ bits }) => bits < STRENGTH_BITS_MIN),
  {
    rule: "no-forward-secrecy",
    status: "warn",
    what: "suites without forward secrecy",
    holds: ({ isForwardSecret }) => !isForwardSecret,
  },
  {
    rule: "cbc",
    status: "warn",
    what: "suites without AEAD (CBC)",
    holds: ({ isAead }) => !isAead,
  },
];

function weak(rule: string, what: string, holds: SuiteClass["holds"]): SuiteClass {
  return { rule, status: "fail", what, holds };
}

/** Suites named in a sentence. */
const SHOWN_MAX = 4;

/** The first names of a list and how many more there are. */
export function shortenList(names: readonly string[]): string {
  const more = names.length - SHOWN_MAX;
  return `${names.slice(0, SHOWN_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
