import type { Evidence } from "../../core/check.ts";
import { effectiveDirective } from "../../parsers/csp/effective.ts";
import { allowsInline, type CspInlineKind } from "../../parsers/csp/inline.ts";
import { type CspPage, directiveEvidence, policyEvidence } from "./csp-pages.ts";
import type { PageFault } from "./page-faults.ts";

/** What to do about all of them. */
export const INLINE_FIX =
  "Move inline scripts to files or tag them with the answer's nonce, and send script-src 'self' 'nonce-{NONCE}' without 'unsafe-inline'";
const KINDS: readonly (readonly [kind: CspInlineKind, governing: string, what: string])[] = [
  ["script", "script-src-elem", "inline script"],
  ["script-attribute", "script-src-attr", "inline event handler"],
];

/** How a page's policies let inline scripts run that have neither nonce nor hash. */
export function inlineFaults(page: CspPage): readonly PageFault[] {
  const { enforced, policies } = page;
  const [first] = policies;
  if (first === undefined) return [];
  if (enforced.length === 0) {
    const what = "The policy only reports, so that every inline script runs";
    return [fault("report-only", what, policyEvidence(page, first))];
  }
  const seen = new Set<string>();
  return KINDS.flatMap(([kind, governing, what]) => {
    if (!allowsInline(enforced, { kind }).allowed) return [];
    const [policy] = enforced.filter((each) => effectiveDirective(each, governing) !== undefined);
    const directive = policy && effectiveDirective(policy, governing);
    if (policy === undefined || directive === undefined) {
      if (seen.size > 0) return [];
      seen.add("unrestricted");
      const text = "Neither script-src nor default-src limits inline scripts";
      return [fault("script-unrestricted", text, policyEvidence(page, first))];
    }
    if (seen.has(directive.name)) return [];
    seen.add(directive.name);
    const text = `'unsafe-inline' in ${directive.name} runs any ${what}`;
    return [
      fault("unsafe-inline", text, directiveEvidence(page, policy, directive), directive.name),
    ];
  });
}

function fault(rule: string, what: string, evidence: Evidence, subject?: string): PageFault {
  return {
    rule,
    status: "warn",
    what,
    fix: INLINE_FIX,
    evidence,
    ...(subject !== undefined && { subject }),
  };
}
