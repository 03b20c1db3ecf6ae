import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import {
  type CspDirective,
  type CspPolicy,
  type CspSource,
  directiveOf,
} from "../../parsers/csp/policy.ts";
import { type FrameOptionsHeader, parseFrameOptions } from "../../parsers/http/x-frame-options.ts";
import { fieldFixes, type ServerFixes } from "../live-site/server-fixes.ts";
import { isDocument, type SeenAnswer } from "./answers.ts";
import type { AnswerFault } from "./judge-answers.ts";
import { headerPolicies } from "./policies.ts";

export const FRAME_FIELD = "X-Frame-Options";

/** Browsers prefer `frame-ancestors`; the field is for those that do not know it. */
export const FRAME_FIX = fieldFixes(FRAME_FIELD, "DENY", {
  django: "X_FRAME_OPTIONS = 'DENY' in the settings, with XFrameOptionsMiddleware",
  express: "app.use(helmet({ frameguard: { action: 'deny' } }))",
});

/** Browsers do not look at X-Frame-Options beside it. */
export const ANCESTORS_FIX: ServerFixes = {
  generic:
    "Write frame-ancestors 'none' in the Content-Security-Policy that is sent: beside it browsers ignore X-Frame-Options",
};

/** Whom an enforced `frame-ancestors` lets frame the page, from nobody to anybody. */
const REACHES = ["none", "self", "some", "any"] as const;
export type FrameReach = (typeof REACHES)[number];

/**
 * What holds of all policies in the header: the tightest. Nothing where none names it. Meta elements and report-only
 * policies do not count (CSP3 sections 6.4.2 and 3.3).
 */
export function frameAncestors(
  answer: HttpExchange,
): { readonly reach: FrameReach; readonly text: string } | undefined {
  const found = headerPolicies(answer).flatMap((policy) => {
    const directive = directiveOf(policy, "frame-ancestors");
    return directive === undefined
      ? []
      : [{ reach: reachOf(directive), text: textOf(policy, directive) }];
  });
  return found.sort((a, b) => REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach))[0];
}

function textOf(policy: CspPolicy, { offset, length }: CspDirective): string {
  const start = offset - policy.offset;
  return policy.text.slice(start, start + length);
}

/** No source, or none that browsers know, lets nobody frame the page. */
function reachOf({ sources }: CspDirective): FrameReach {
  return sources
    .map(reachOfSource)
    .reduce(
      (widest, each) => (REACHES.indexOf(each) > REACHES.indexOf(widest) ? each : widest),
      "none",
    );
}

function reachOfSource({ expression }: CspSource): FrameReach {
  switch (expression.kind) {
    case "any":
    case "scheme":
      return "any";
    case "host":
      return expression.host === "*" ? "any" : "some";
    case "keyword":
      return expression.keyword === "'self'" ? "self" : "none";
    case "none":
    case "nonce":
    case "hash":
    case "invalid":
      return "none";
  }
}

export function frameOptionsOf(answer: HttpExchange): FrameOptionsHeader {
  return parseFrameOptions(fieldValues(answer, "x-frame-options"));
}

/** Who may frame the page. An enforced frame-ancestors makes browsers ignore X-Frame-Options (CSP3 section 6.4.2). */
export function framingFaults(seen: SeenAnswer): readonly AnswerFault[] {
  const ancestors = frameAncestors(seen.answer);
  const header = frameOptionsOf(seen.answer);
  const faults =
    ancestors === undefined
      ? headerFaults(header)
      : [...ancestorFaults(ancestors.reach).map(inPolicy), ...asWarnings(valueFaults(header))];
  // What a visitor does not act on weighs less.
  return isDocument(seen) ? faults : asWarnings(faults);
}

function ancestorFaults(reach: FrameReach): readonly AnswerFault[] {
  switch (reach) {
    case "none":
      return [];
    case "self":
      return [
        {
          rule: "same-origin",
          status: "warn",
          what: "frame-ancestors 'self' lets the own origin frame the page",
        },
      ];
    case "some":
      return [
        {
          rule: "other-origins",
          status: "warn",
          what: "frame-ancestors lets named origins frame the page",
        },
      ];
    case "any":
      return [
        { rule: "anyone", status: "fail", what: "frame-ancestors lets anyone frame the page" },
      ];
  }
}

function headerFaults(header: FrameOptionsHeader): readonly AnswerFault[] {
  if (header.values.length === 0) {
    const what = `Neither ${FRAME_FIELD} nor frame-ancestors`;
    return [{ rule: "missing", status: "fail", what }];
  }
  const faults = valueFaults(header);
  if (faults.length > 0 || header.effective === "deny") return faults;
  return [{ rule: "same-origin", status: "warn", what: `${FRAME_FIELD} is SAMEORIGIN` }];
}

/** Values that are no word browsers obey, or that contradict each other. */
function valueFaults({ problems }: FrameOptionsHeader): readonly AnswerFault[] {
  // A conflict says it all: its parts need no finding each.
  const wrong =
    problems.find(({ rule }) => rule === "conflict") ??
    problems.find(({ rule }) => rule !== "repeated");
  if (wrong === undefined) return [];
  return [{ rule: wrong.rule, status: "fail", what: `${FRAME_FIELD}: ${wrong.message}` }];
}

function inPolicy(fault: AnswerFault): AnswerFault {
  return { ...fault, fix: ANCESTORS_FIX };
}

function asWarnings(faults: readonly AnswerFault[]): readonly AnswerFault[] {
  return faults.map((fault) => ({ ...fault, status: "warn" }));
}
