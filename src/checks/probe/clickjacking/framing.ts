import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { type CspDirective, directiveOf, parseCsp } from "../../../parsers/csp/policy.ts";
import type { CspExpression } from "../../../parsers/csp/source.ts";
import { parseFrameOptions } from "../../../parsers/http/x-frame-options.ts";

/** Who may show a page in a frame, and by which field. */
export interface Framing {
  readonly by: "anyone" | "same-origin" | "listed" | "nobody" | "not-read";
  /** Whether an enforced frame-ancestors decides; browsers ignore X-Frame-Options then. */
  readonly isPolicy: boolean;
  /** The deciding field, bounded; or what is there and counts for nothing. */
  readonly shown: string;
}

/** Characters of a field that are shown. */
const SHOWN_CHARACTERS_MAX = 160;
const CUT_RULES: ReadonlySet<string> = new Set([
  "too-long",
  "too-many",
  "too-many-policies",
  "too-many-directives",
]);

export function framingOf(answer: HttpExchange): Framing {
  const values = fieldValues(answer, "content-security-policy");
  const { policies, problems } = parseCsp(values, { disposition: "enforce", delivery: "header" });
  const ancestors = policies.flatMap((policy) => directiveOf(policy, "frame-ancestors") ?? []);
  const closed = ancestors.filter((directive) => !isOpen(directive));
  const [deciding = ancestors[0]] = closed.toSorted((a, b) => tightness(b) - tightness(a));
  if (closed.length === 0 && problems.some(({ rule }) => CUT_RULES.has(rule))) {
    return { by: "not-read", isPolicy: true, shown: "the policy is longer than is read" };
  }
  return deciding === undefined ? byFrameOptions(answer) : byPolicy(deciding, closed.length > 0);
}

function byPolicy(directive: CspDirective, isClosed: boolean): Framing {
  const list = directive.tokens.map(({ text }) => text).join(" ");
  const text = `Content-Security-Policy: frame-ancestors ${list}`;
  const shown = bounded(text.trimEnd());
  if (!isClosed) return { by: "anyone", isPolicy: true, shown };
  const by = (["listed", "same-origin", "nobody"] as const)[tightness(directive)] ?? "listed";
  return { by, isPolicy: true, shown };
}

/** 2 nobody, 1 the own origin, 0 others too. Expressions that browsers ignore let nobody in. */
function tightness({ sources }: CspDirective): number {
  const counted = sources.map(({ expression }) => expression).filter(lets);
  if (counted.length === 0) return 2;
  return counted.every(({ kind }) => kind === "keyword") ? 1 : 0;
}

function lets(expression: CspExpression): boolean {
  if (expression.kind === "keyword") return expression.keyword === "'self'";
  return expression.kind === "any" || expression.kind === "scheme" || expression.kind === "host";
}

/** One expression for every host of the Web is enough. */
function isOpen({ sources }: CspDirective): boolean {
  return sources.some(({ expression }) => {
    if (expression.kind === "any") return true;
    if (expression.kind === "scheme") return /^https?$/.test(expression.scheme.replace(/:$/, ""));
    return expression.kind === "host" && expression.host === "*";
  });
}

function byFrameOptions(answer: HttpExchange): Framing {
  const values = fieldValues(answer, "x-frame-options");
  const { effective } = parseFrameOptions(values);
  const shown = bounded(values.map((value) => `X-Frame-Options: ${value}`).join(", "));
  if (effective === "deny") return { by: "nobody", isPolicy: false, shown };
  if (effective === "sameorigin") return { by: "same-origin", isPolicy: false, shown };
  const notes = [
    ...(values.length === 0 ? [] : [`${shown} (ignored by browsers)`]),
    ...idle(answer),
  ];
  return {
    by: "anyone",
    isPolicy: false,
    shown: notes.length === 0 ? "neither frame-ancestors nor X-Frame-Options" : notes.join("; "),
  };
}

/** Places where both are written in vain. */
function idle(answer: HttpExchange): readonly string[] {
  const metas = answer.body.page?.metas ?? [];
  const named = (name: string, content: RegExp) =>
    metas.some(
      (meta) => meta.httpEquiv?.toLowerCase() === name && content.test(meta.content ?? ""),
    );
  const reportOnly = fieldValues(answer, "content-security-policy-report-only");
  const notes: readonly (string | false)[] = [
    reportOnly.some((value) => /(?:^|[;,\s])frame-ancestors\s/i.test(value)) &&
      "frame-ancestors in report-only mode, which blocks nothing",
    named("content-security-policy", /frame-ancestors/i) &&
      "frame-ancestors in a meta element, which browsers ignore",
    named("x-frame-options", /./) && "X-Frame-Options in a meta element, which browsers ignore",
  ];
  return notes.filter((note) => note !== false);
}

function bounded(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
}
