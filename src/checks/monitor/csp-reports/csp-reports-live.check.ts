import { cannotTell, defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { directiveOf } from "../../../parsers/csp/policy.ts";
import {
  type CspReportDestination,
  type CspReportProblem,
  cspReporting,
} from "../../../parsers/csp/report-destination.ts";
import { parseReportingEndpoints, parseReportTo } from "../../../parsers/http/reporting.ts";
import {
  type CspPage,
  directiveEvidence,
  htmlPages,
  policyCutOf,
  quotable,
} from "../../live-csp/csp-pages.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { monitorCspReportsControl } from "./csp-reports.control.ts";

export const monitorCspReportsLive = defineCheck({
  control: monitorCspReportsControl,
  layer: "live",
  reads:
    "report-uri and report-to of every policy, and the endpoints that the same answer defines.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      () =>
        cannotTell(
          "unsupported",
          "The endpoints are defined; whether they take a POST is not tried, as an audit sends nothing that is stored",
        ),
      "No policy asks for reports",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages, unanswered } = htmlPages(site);
  const open = unanswered ?? policyCutOf(pages);
  const destinations = pages.flatMap((page) =>
    destinationsOf(page).map((destination) => ({ page, destination })),
  );
  if (destinations.length === 0) {
    return open === undefined ? undefined : { findings: [], unanswered: open };
  }
  const faults = destinations.flatMap(({ page, destination }) => faultOf(page, destination));
  return { findings: faultFindings(faults), ...(open !== undefined && { unanswered: open }) };
}

function destinationsOf({ exchange, policies }: CspPage): readonly CspReportDestination[] {
  return cspReporting(policies, {
    self: exchange.url,
    endpoints: parseReportingEndpoints(fieldValues(exchange, "reporting-endpoints")).endpoints,
    groups: parseReportTo(fieldValues(exchange, "report-to")).endpoints,
  }).destinations;
}

const NAME_MAX = 60;

const PROBLEMS: Readonly<Record<CspReportProblem, (name: string) => string>> = {
  "undefined-endpoint": (name) =>
    `report-to names ${name}, which no Reporting-Endpoints field defines: reports go nowhere`,
  "only-in-report-to": (name) =>
    `report-to names ${name}, which only the older Report-To field defines: browsers no longer read it for CSP`,
  "bad-url": (name) => `Reports are meant to go to ${name}, which is no address`,
  "not-https": () => "Reports leave unencrypted",
};

function faultOf(page: CspPage, destination: CspReportDestination): readonly PageFault[] {
  const { problem, directive, written, policyIndex } = destination;
  const policy = page.policies[policyIndex];
  if (problem === undefined || policy === undefined) return [];
  const name = written.length > NAME_MAX ? `${written.slice(0, NAME_MAX)}…` : written;
  const endpoint = directive === "report-to" ? name : "csp";
  return [
    {
      rule: problem,
      status: "warn",
      subject: directive,
      what: PROBLEMS[problem](quotable(name)),
      fix: `Send Reporting-Endpoints: ${endpoint}="https://${new URL(page.exchange.url).hostname}/csp-reports" with the policy, and let it say report-to ${endpoint}`,
      evidence: directiveEvidence(page, policy, directiveOf(policy, directive)),
    },
  ];
}
