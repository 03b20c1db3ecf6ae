import {
  boundedFields,
  type FieldProblem,
  type FieldSpan,
  type ProblemList,
  problemList,
  quoted,
} from "./field.ts";
import { type Parameter, parseParameters } from "./parameter.ts";

/** One response directive; the first of a name counts for those with a number. */
export interface CacheDirective extends FieldSpan {
  /** In lower case. */
  readonly name: string;
  readonly value?: string;
}

export interface CacheControlHeader {
  readonly directives: readonly CacheDirective[];
  readonly noStore: boolean;
  /** `no-cache` without field names: reuse only after asking the origin. */
  readonly noCache: boolean;
  readonly isPrivate: boolean;
  readonly isPublic: boolean;
  readonly immutable: boolean;
  readonly mustRevalidate: boolean;
  readonly maxAgeSeconds?: number;
  /** For shared caches; goes before max-age there. */
  readonly sharedMaxAgeSeconds?: number;
  readonly problems: readonly FieldProblem[];
}

/** Directives that take seconds: RFC 9111 section 5.2.2 and RFC 5861. */
const SECONDS: ReadonlySet<string> = new Set([
  "max-age",
  "s-maxage",
  "stale-while-revalidate",
  "stale-if-error",
]);
/** Without a value; `no-cache` and `private` may name fields. RFC 9111 section 5.2.2 and RFC 8246. */
const PLAIN: ReadonlySet<string> = new Set([
  "no-store",
  "no-cache",
  "private",
  "public",
  "no-transform",
  "must-revalidate",
  "proxy-revalidate",
  "must-understand",
  "immutable",
]);
const MAY_NAME_FIELDS: ReadonlySet<string> = new Set(["no-cache", "private"]);
/** Pairs of which the first makes the second void. */
const CONFLICTS: readonly (readonly [string, string])[] = [
  ["no-store", "public"],
  ["no-store", "max-age"],
  ["no-store", "s-maxage"],
  ["no-store", "immutable"],
  ["private", "public"],
  ["private", "s-maxage"],
  ["no-cache", "immutable"],
];

/** Cache-Control of a response: RFC 9111 (June 2022) section 5.2. */
export function parseCacheControl(values: readonly string[]): CacheControlHeader {
  const problems = problemList();
  const directives: Parameter[] = [];
  for (const part of boundedFields(values, problems).flatMap((field) =>
    parseParameters(field, ","),
  )) {
    if ("malformed" in part) {
      problems.add("malformed", `${quoted(part.malformed.text)} is no directive`, part.malformed);
    } else {
      checkDirective(part, directives, problems);
      directives.push(part);
    }
  }
  checkConflicts(directives, problems);
  const has = (name: string): boolean => directives.some((directive) => directive.name === name);
  const isBare = (name: string): boolean =>
    directives.some((directive) => directive.name === name && (directive.value ?? "") === "");
  const maxAge = secondsOf(directives, "max-age");
  const sharedMaxAge = secondsOf(directives, "s-maxage");
  return {
    directives: directives.map(({ name, value, field, offset, length }) => ({
      name,
      ...(value === undefined ? {} : { value }),
      field,
      offset,
      length,
    })),
    noStore: has("no-store"),
    noCache: isBare("no-cache"),
    isPrivate: isBare("private"),
    isPublic: has("public"),
    immutable: has("immutable"),
    mustRevalidate: has("must-revalidate"),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    ...(sharedMaxAge === undefined ? {} : { sharedMaxAgeSeconds: sharedMaxAge }),
    problems: problems.all,
  };
}

function checkDirective(
  directive: Parameter,
  before: readonly Parameter[],
  problems: ProblemList,
): void {
  const { name, value } = directive;
  if (before.some((other) => other.name === name))
    problems.add("repeated-directive", `${quoted(name)} occurs again`, directive);
  if (SECONDS.has(name)) {
    if (!/^\d+$/.test(value ?? ""))
      problems.add(
        "bad-seconds",
        `${name} ${quoted(value ?? "")} is no number of seconds`,
        directive,
      );
  } else if (!PLAIN.has(name)) {
    problems.add("unknown-directive", `${quoted(name)} is unknown`, directive);
  } else if (value !== undefined && !MAY_NAME_FIELDS.has(name)) {
    problems.add("value-not-allowed", `${name} takes no value`, directive);
  }
}

function checkConflicts(directives: readonly Parameter[], problems: ProblemList): void {
  for (const [stronger, weaker] of CONFLICTS) {
    const strong = directives.find(({ name }) => name === stronger);
    const weak = directives.find(({ name }) => name === weaker);
    if (strong === undefined || weak === undefined) continue;
    if (weaker === "max-age" && Number(weak.value) === 0) continue;
    problems.add("conflict", `${stronger} makes ${weaker} void`, weak);
  }
}

function secondsOf(directives: readonly Parameter[], name: string): number | undefined {
  const value = directives.find((directive) => directive.name === name)?.value ?? "";
  return /^\d+$/.test(value) ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : undefined;
}
