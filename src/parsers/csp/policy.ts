import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  type FieldSpan,
  type ProblemList,
  problemList,
  slicePiece,
} from "../http/field.ts";
import { type DirectiveKind, directiveFacts } from "./directive.ts";
import { reportDirectiveProblems } from "./problems.ts";
import { type CspExpression, parseCspSource } from "./source.ts";

/** One token of a directive's value, classified. */
export interface CspSource extends FieldPiece {
  readonly expression: CspExpression;
}

/** Why a browser does not apply a directive. */
export type IgnoredBecause =
  | "duplicate"
  | "unknown"
  | "removed"
  | "not-ascii"
  | "not-in-meta"
  | "not-in-report-only";

export interface CspDirective extends FieldSpan {
  /** In lower case. */
  readonly name: string;
  readonly kind: DirectiveKind | "unknown";
  /** Every token of the value, as written. */
  readonly tokens: readonly FieldPiece[];
  /** The tokens as source expressions; empty for directives whose value is no source list. */
  readonly sources: readonly CspSource[];
  readonly ignored?: IgnoredBecause;
}

/** One policy; a response carries as many as its headers and meta elements hold, and each must allow a load. */
export interface CspPolicy extends FieldSpan {
  readonly disposition: "enforce" | "report";
  readonly delivery: "header" | "meta";
  readonly text: string;
  /** In order; those that browsers skip are kept and marked. */
  readonly directives: readonly CspDirective[];
}

export interface CspHeader {
  /** Policies with at least one directive, in order. */
  readonly policies: readonly CspPolicy[];
  readonly problems: readonly FieldProblem[];
}

/** Characters read of all policies of one name together; beyond it the analysis is not whole, and `too-long` says so. */
export const CSP_LENGTH_MAX = 65_536;
/** Policies read from one response's fields of one name. */
export const POLICY_COUNT_MAX = 20;
/** Directives read from one policy; there are not forty that mean anything. */
export const DIRECTIVE_COUNT_MAX = 200;

export type CspDelivery = Pick<CspPolicy, "disposition" | "delivery">;

/**
 * Parses the values of Content-Security-Policy or Content-Security-Policy-Report-Only in wire order, or the
 * `content` of meta elements in document order (CSP3 sections 2.2.1, 2.2.2 and 3.3; W3C working draft, text of
 * April 2026). Positions count within the field or attribute value. Never throws.
 *
 * A header is split at commas wherever they stand. Browsers differ on commas in a meta element: the specification
 * and Firefox do not split there, Chromium does; here it is not split, and the comma is a problem.
 */
export function parseCsp(values: readonly string[], delivery: CspDelivery): CspHeader {
  const problems = problemList();
  const texts = withinLength(boundedFields(values, problems), problems).flatMap((field) =>
    delivery.delivery === "meta" ? [field] : splitAt(field, ","),
  );
  if (texts.length > POLICY_COUNT_MAX) {
    const first = texts[POLICY_COUNT_MAX] ?? { field: 0, offset: 0, length: 0 };
    problems.add("too-many-policies", `there are ${texts.length} policies`, first);
  }
  const policies = texts
    .slice(0, POLICY_COUNT_MAX)
    .map((piece) => parsePolicy(trimWhitespace(piece), delivery, problems))
    .filter(({ directives }) => directives.length > 0);
  return { policies, problems: problems.all };
}

/** The lines up to the limit of all of them together. */
function withinLength(fields: readonly FieldPiece[], problems: ProblemList): readonly FieldPiece[] {
  let left = CSP_LENGTH_MAX;
  return fields.map((field) => {
    const kept = slicePiece(field, 0, Math.max(0, left));
    if (kept.length < field.length) {
      const message = `the policies have more than ${CSP_LENGTH_MAX} characters together`;
      problems.add("too-long", message, slicePiece(field, kept.length));
    }
    left -= field.length;
    return kept;
  });
}

function parsePolicy(piece: FieldPiece, delivery: CspDelivery, problems: ProblemList): CspPolicy {
  const parts = splitAt(piece, ";")
    .map(trimWhitespace)
    .filter(({ text }) => text !== "");
  if (parts.length === 0) problems.add("empty-policy", "the policy has no directive", piece);
  if (parts.length > DIRECTIVE_COUNT_MAX) {
    problems.add("too-many-directives", `the policy has ${parts.length} directives`, piece);
  }
  const seen = new Set<string>();
  const directives = parts.slice(0, DIRECTIVE_COUNT_MAX).map((part) => {
    const directive = parseDirective(part, delivery, seen);
    reportDirectiveProblems(directive, delivery, problems);
    // A browser skips a directive with other than ASCII before it looks for a duplicate.
    if (directive.ignored !== "not-ascii") seen.add(directive.name);
    return directive;
  });
  const { text, field, offset, length } = piece;
  return { ...delivery, text, directives, field, offset, length };
}

function parseDirective(
  part: FieldPiece,
  delivery: CspDelivery,
  seen: ReadonlySet<string>,
): CspDirective {
  const [first, ...tokens] = words(part);
  const name = first?.text.toLowerCase() ?? "";
  const facts = directiveFacts(name);
  const isList = facts?.value === "sources" || facts?.value === "ancestors";
  const ignored = whyIgnored(part.text, name, delivery, seen);
  const { field, offset, length } = part;
  return {
    name,
    kind: facts?.kind ?? "unknown",
    tokens,
    sources: isList
      ? tokens.map((token) => ({ ...token, expression: parseCspSource(token.text) }))
      : [],
    ...(ignored === undefined ? {} : { ignored }),
    field,
    offset,
    length,
  };
}

function whyIgnored(
  text: string,
  name: string,
  { disposition, delivery }: CspDelivery,
  seen: ReadonlySet<string>,
): IgnoredBecause | undefined {
  if (/[^\x00-\x7f]/.test(text)) return "not-ascii";
  if (seen.has(name)) return "duplicate";
  const facts = directiveFacts(name);
  if (facts === undefined) return "unknown";
  if (facts.isRemoved === true) return "removed";
  if (delivery === "meta" && facts.ignoredIn?.includes("meta") === true) return "not-in-meta";
  if (disposition === "report" && facts.ignoredIn?.includes("report") === true)
    return "not-in-report-only";
  return undefined;
}

/** Cuts at every `separator`; CSP knows no quoted strings. */
function splitAt(piece: FieldPiece, separator: string): readonly FieldPiece[] {
  let start = 0;
  return piece.text.split(separator).map((text) => {
    const part = slicePiece(piece, start, start + text.length);
    start += text.length + 1;
    return part;
  });
}

function words(piece: FieldPiece): readonly FieldPiece[] {
  return [...piece.text.matchAll(/[^\t\n\f\r ]+/g)].map((match) =>
    slicePiece(piece, match.index, match.index + match[0].length),
  );
}

function trimWhitespace(piece: FieldPiece): FieldPiece {
  const start = /^[\t\n\f\r ]*/.exec(piece.text)?.[0].length ?? 0;
  let end = piece.text.length;
  while (end > start && "\t\n\f\r ".includes(piece.text[end - 1] ?? "x")) end -= 1;
  return slicePiece(piece, start, end);
}

/** The directive a browser applies for `name` alone, without fallback. */
export function directiveOf(policy: CspPolicy, name: string): CspDirective | undefined {
  return policy.directives.find(
    (directive) => directive.name === name && directive.ignored === undefined,
  );
}
