import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  type FieldSpan,
  type ProblemList,
  problemList,
  quoted,
} from "./field.ts";
import { type Parameter, type ParameterPart, parseParameters } from "./parameter.ts";

/**
 * Strict-Transport-Security, RFC 6797 (November 2012) section 6.1; which of several lines counts: section 8.1.
 * `preload` is not in the RFC but in the form of hstspreload.org.
 */
export interface HstsPolicy extends FieldSpan {
  /** At most 2^53 - 1; browsers cut large values themselves. */
  readonly maxAgeSeconds: number;
  readonly includeSubDomains: boolean;
  readonly preload: boolean;
}

export interface HstsHeader {
  /** What a browser stores: the first line's policy. Absent where it ignores the header. */
  readonly effective?: HstsPolicy;
  /** One for each line, in order; `undefined` where a browser would ignore the line. */
  readonly policies: readonly (HstsPolicy | undefined)[];
  readonly problems: readonly FieldProblem[];
}

/** Directives without a value; a browser ignores the whole line where one has one (RFC 6797 section 6.1.2). */
const VALUELESS: ReadonlySet<string> = new Set(["includesubdomains", "preload"]);
const KNOWN: ReadonlySet<string> = new Set(["max-age", ...VALUELESS]);

/** Parses the field lines in wire order. */
export function parseHsts(values: readonly string[]): HstsHeader {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const policies = fields.map((field) => parseLine(field, problems));
  for (const { field, length } of fields.slice(1)) {
    problems.add("repeated", "a second line of the header is ignored", {
      field,
      offset: 0,
      length,
    });
  }
  const effective = policies[0];
  return { ...(effective === undefined ? {} : { effective }), policies, problems: problems.all };
}

function parseLine(field: FieldPiece, problems: ProblemList): HstsPolicy | undefined {
  const directives = new Map<string, Parameter>();
  const invalid = parseParameters(field, ";").filter((part) => !take(part, directives, problems));
  const maxAge = directives.get("max-age");
  if (maxAge === undefined) problems.add("no-max-age", "max-age is missing", field);
  if (invalid.length > 0 || maxAge === undefined) return undefined;
  return {
    maxAgeSeconds: Math.min(Number(maxAge.value), Number.MAX_SAFE_INTEGER),
    includeSubDomains: directives.has("includesubdomains"),
    preload: directives.has("preload"),
    field: field.field,
    offset: 0,
    length: field.length,
  };
}

/** Adds a directive; false where a browser gives up the whole line for it. */
function take(
  part: ParameterPart,
  directives: Map<string, Parameter>,
  problems: ProblemList,
): boolean {
  if ("malformed" in part) {
    const { malformed } = part;
    const rule = malformed.text.includes(",") ? "comma" : "malformed";
    problems.add(rule, `${quoted(malformed.text)} is no directive`, malformed);
    return false;
  }
  if (directives.has(part.name)) {
    problems.add("repeated-directive", `${part.name} occurs twice`, part);
    return false;
  }
  directives.set(part.name, part);
  return isWellFormed(part, problems);
}

function isWellFormed(directive: Parameter, problems: ProblemList): boolean {
  if (directive.name === "max-age") {
    if (/^\d+$/.test(directive.value ?? "")) return true;
    const message = `max-age ${quoted(directive.value ?? "")} is no number of seconds`;
    problems.add("max-age-not-a-number", message, directive);
    return false;
  }
  if (VALUELESS.has(directive.name) && directive.value !== undefined) {
    problems.add("value-not-allowed", `${directive.name} takes no value`, directive);
    // Browsers know no `preload`, so its value does not invalidate the line for them.
    return directive.name === "preload";
  }
  if (!KNOWN.has(directive.name)) {
    problems.add("unknown-directive", `${quoted(directive.name)} is unknown`, directive);
  }
  return true;
}
