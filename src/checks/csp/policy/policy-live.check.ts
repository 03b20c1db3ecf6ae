import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import type { PageNeeds } from "../../../parsers/csp/page-needs.ts";
import { NONCE_PLACEHOLDER, suggestPolicy } from "../../../parsers/csp/suggest.ts";
import {
  type CspPage,
  cutOf,
  htmlPages,
  judgedPolicies,
  policyEvidence,
  secondFetch,
} from "../../live-csp/csp-pages.ts";
import { fitFaults } from "../../live-csp/fit-faults.ts";
import { faultFindings } from "../../live-csp/page-faults.ts";
import { needsOf } from "../../live-csp/page-needs.ts";
import { policyFaults } from "../../live-csp/policy-faults.ts";
import { CSP_FIELD } from "../../live-headers/policies.ts";
import { fieldFixes, serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspPolicyControl } from "./policy.control.ts";

/** Characters of a suggested policy; beyond it the finding says how to get one that fits a header. */
export const SUGGESTION_MAX = 2_000;

export const cspPolicyLive = defineCheck({
  control: cspPolicyControl,
  layer: "live",
  reads:
    "Every policy of every fetched HTML page, held against what the pages' markup loads and runs.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "The policies are tight, and the fetched pages work under them",
          judged.flatMap((site) =>
            pagesWithPolicy(site).flatMap((page) =>
              judgedPolicies(page).map((policy) => policyEvidence(page, policy)),
            ),
          ),
        ),
      "No fetched page comes with a Content-Security-Policy",
    );
  },
});

function pagesWithPolicy(site: HttpSite): readonly CspPage[] {
  return htmlPages(site).pages.filter((page) => judgedPolicies(page).length > 0);
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages, unanswered } = htmlPages(site);
  const open = unanswered ?? cutOf(pages);
  const withPolicy = pagesWithPolicy(site);
  if (withPolicy.length === 0) {
    return open === undefined ? undefined : { findings: [], unanswered: open };
  }
  const again = secondFetch(site);
  const needs = pages.map(
    (page, at) => [page, needsOf(page, at === 0 ? again : undefined)] as const,
  );
  const fix = suggestion(
    site,
    needs.map(([, each]) => each),
  );
  const judged = needs.filter(([page]) => withPolicy.some(({ shown }) => shown === page.shown));
  const faults = [
    ...judged.flatMap(([page]) => policyFaults(page, fix)),
    ...fitFaults(judged, fix),
  ];
  return { findings: faultFindings(faults), ...(open !== undefined && { unanswered: open }) };
}

/** The tightest policy that the fetched pages would work with, ready to paste. */
function suggestion(site: HttpSite, needs: readonly PageNeeds[]): string {
  const { value, usesNonce } = suggestPolicy(needs);
  if (value.length > SUGGESTION_MAX) {
    return "Move inline code to files, or tag it with a nonce of each answer: hashes of all of it are too long for a header";
  }
  const nonce = usesNonce
    ? `, ${NONCE_PLACEHOLDER} made anew by the application for each answer`
    : "";
  return usesNonce
    ? `For the fetched pages this suffices${nonce}: Content-Security-Policy: ${value}`
    : `For the fetched pages this suffices: ${serverFix(site, fieldFixes(CSP_FIELD, value))}`;
}
