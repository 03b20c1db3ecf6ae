import {
  compareDigits,
  compareLists,
  compareText,
  VERSION_CHARS_MAX,
  type VersionOrder,
} from "./version-order.ts";

interface Semantic {
  readonly core: readonly string[];
  /** Empty for a release. */
  readonly pre: readonly string[];
}

/** Semantic Versioning 2.0.0 section 9 and 10; `v`, and parts left out (`0`, `1.2`), as npm reads them. */
const VERSION =
  /^[v=]*(?<core>\d+(?:\.\d+){0,2})(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(text: string): Semantic | undefined {
  if (text.length > VERSION_CHARS_MAX) return undefined;
  const groups = VERSION.exec(text.trim())?.groups;
  const core = groups?.["core"]?.split(".");
  if (core === undefined) return undefined;
  return {
    core: [core[0] ?? "0", core[1] ?? "0", core[2] ?? "0"],
    pre: groups?.["pre"]?.split(".") ?? [],
  };
}

/** Section 11: a pre-release comes before its release, numbers before words. */
function order(a: Semantic, b: Semantic): number {
  const core = compareLists(a.core, b.core, compareDigits);
  if (core !== 0) return core;
  if (a.pre.length === 0 || b.pre.length === 0) {
    return Number(a.pre.length === 0) - Number(b.pre.length === 0);
  }
  return compareLists(a.pre, b.pre, comparePart);
}

function comparePart(a: string, b: string): number {
  const isNumber = (part: string) => /^\d+$/.test(part);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return isNumber(a) ? compareDigits(a, b) : compareText(a, b);
}

/** Versions of npm. Build metadata does not count. */
export const SEMANTIC: VersionOrder = {
  isVersion: (text) => parse(text) !== undefined,
  compare(a, b) {
    const left = parse(a);
    const right = parse(b);
    return left === undefined || right === undefined ? undefined : order(left, right);
  },
};
