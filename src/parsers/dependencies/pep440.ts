import {
  compareDigits,
  compareLists,
  compareText,
  VERSION_CHARS_MAX,
  type VersionOrder,
} from "./version-order.ts";

/** A version of the Python version specifiers (PEP 440), taken apart; numbers are decimal digits. */
interface Pep440 {
  readonly epoch: string;
  /** Without trailing zeros: 1.0 is 1. */
  readonly release: readonly string[];
  /** Rank of a, b and rc, then the number. */
  readonly pre: readonly [rank: number, number: string];
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[] | undefined;
}

/** PEP 440, appendix B, anchored. */
const VERSION =
  /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<letter>a|b|c|rc|alpha|beta|pre|preview)[-_.]?(?<pre>\d*))?(?:-(?<implicit>\d+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d*))?(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const RANK: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2 };
/** Of a development release of the final one, which comes before its alphas. */
const BEFORE_PRE = 0;
const RC = 3;
const FINAL = 4;

function parse(text: string): Pep440 | undefined {
  if (text.length > VERSION_CHARS_MAX) return undefined;
  const groups = VERSION.exec(text.trim().toLowerCase())?.groups;
  if (groups === undefined) return undefined;
  const { epoch, release = "", letter, pre, implicit, post, postNumber, dev, devNumber } = groups;
  const postValue = implicit ?? (post === undefined ? undefined : postNumber || "0");
  const devValue = dev === undefined ? undefined : devNumber || "0";
  return {
    epoch: epoch ?? "0",
    release: release.replace(/(?:\.0+)+$/, "").split("."),
    pre: preOf(letter, pre, postValue === undefined && devValue !== undefined),
    post: postValue,
    dev: devValue,
    local: groups["local"]?.split(/[-_.]/),
  };
}

function preOf(
  letter: string | undefined,
  digits: string | undefined,
  isOnlyDev: boolean,
): readonly [number, string] {
  if (letter !== undefined) return [RANK[letter] ?? RC, digits || "0"];
  return [isOnlyDev ? BEFORE_PRE : FINAL, "0"];
}

function order(a: Pep440, b: Pep440): number {
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareLists(a.release, b.release, compareDigits) ||
    a.pre[0] - b.pre[0] ||
    compareDigits(a.pre[1], b.pre[1]) ||
    compareOpen(a.post, b.post, -1) ||
    compareOpen(a.dev, b.dev, 1) ||
    compareLocal(a.local, b.local)
  );
}

/** Digits that may be missing; `missing` says where that stands: -1 before all, 1 after. */
function compareOpen(a: string | undefined, b: string | undefined, missing: -1 | 1): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0;
    return a === undefined ? missing : -missing;
  }
  return compareDigits(a, b);
}

function compareLocal(a: Pep440["local"], b: Pep440["local"]): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareLists(a, b, compareLocalPart);
}

/** Numbers come after words. */
function compareLocalPart(a: string, b: string): number {
  const isNumber = (part: string) => /^\d+$/.test(part);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? 1 : -1;
  return isNumber(a) ? compareDigits(a, b) : compareText(a, b);
}

/** Versions of PyPI (PEP 440). */
export const PEP440: VersionOrder = {
  isVersion: (text) => parse(text) !== undefined,
  compare(a, b) {
    const left = parse(a);
    const right = parse(b);
    return left === undefined || right === undefined ? undefined : order(left, right);
  },
};

/** `2.1.0+cu118` is a build of 2.1.0: advisories speak of the public version (PEP 440, local versions). */
export function publicVersion(version: string): string {
  return version.replace(/\+.*$/, "");
}

/** The one name of a project however it is written (PEP 503). */
export function normalisedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
