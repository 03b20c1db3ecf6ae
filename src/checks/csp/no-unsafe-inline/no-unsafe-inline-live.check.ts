import { defineCheck, type Evidence, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { effectiveDirective } from "../../../parsers/csp/effective.ts";
import type { CspPolicy } from "../../../parsers/csp/policy.ts";
import {
  type CspPage,
  directiveEvidence,
  htmlPages,
  policyCutOf,
} from "../../live-csp/csp-pages.ts";
import { inlineFaults } from "../../live-csp/inline-faults.ts";
import { faultFindings } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspNoUnsafeInlineControl } from "./no-unsafe-inline.control.ts";

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

function scriptEvidence(page: CspPage): readonly Evidence[] {
  return page.enforced.flatMap((policy: CspPolicy) => {
    const directive = effectiveDirective(policy, "script-src-elem");
    return directive === undefined ? [] : [directiveEvidence(page, policy, directive)];
  });
}
