import { defineCheck, type Evidence, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { effectiveDirective } from "../../../parsers/csp/effective.ts";
import { allowsInline, type CspInlineKind } from "../../../parsers/csp/inline.ts";
import type { CspPolicy } from "../../../parsers/csp/policy.ts";
import {
  type CspPage,
  directiveEvidence,
  htmlPages,
  policyCutOf,
  policyEvidence,
} from "../../live-csp/csp-pages.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspNoUnsafeInlineControl } from "./no-unsafe-inline.control.ts";

const FIX =
  "Move inline scripts to files or tag them with the answer's nonce, and send script-src 'self' 'nonce-{NONCE}' without 'unsafe-inline'";
const KINDS: readonly (readonly [kind: CspInlineKind, governing: string, what: string])[] = [
  ["script", "script-src-elem", "inline script"],
  ["script-attribute", "script-src-attr", "inline event handler"],
];

export const cspNoUnsafeInlineLive = defineCheck({
  control: cspNoUnsafeInlineControl,
  layer: "live",
  reads: "What the policies of every fetched HTML page say of inline scripts and event handlers.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "No inline script runs without nonce or hash",
          judged.flatMap((site) => withPolicy(site).flatMap(scriptEvidence)),
        ),
      "No fetched page comes with a Content-Security-Policy",
    );
  },
});

function withPolicy(site: HttpSite): readonly CspPage[] {
  return htmlPages(site).pages.filter(({ policies }) => policies.length > 0);
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages: all, unanswered } = htmlPages(site);
  const open = unanswered ?? policyCutOf(all);
  const pages = withPolicy(site);
  if (pages.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  const whole = pages.filter(({ policyCut }) => policyCut === undefined);
  const findings = faultFindings(whole.flatMap(inlineFaults));
  return { findings, ...(open !== undefined && { unanswered: open }) };
}

function inlineFaults(page: CspPage): readonly PageFault[] {
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
    fix: FIX,
    evidence,
    ...(subject !== undefined && { subject }),
  };
}

function scriptEvidence(page: CspPage): readonly Evidence[] {
  return page.enforced.flatMap((policy: CspPolicy) => {
    const directive = effectiveDirective(policy, "script-src-elem");
    return directive === undefined ? [] : [directiveEvidence(page, policy, directive)];
  });
}
