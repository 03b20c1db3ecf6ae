import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { faultFindings } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { type ExternalElement, externalsOf } from "../../live-sri/external.ts";
import { integrityFaults } from "../../live-sri/integrity-faults.ts";
import { sriStylesheetsControl } from "./stylesheets.control.ts";

export const sriStylesheetsLive = defineCheck({
  control: sriStylesheetsControl,
  layer: "live",
  reads: "Style sheet links of every fetched page that load from another origin.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every external style sheet of the fetched pages carries integrity",
          judged.flatMap(sheetsOf).map(({ page, where }) => ({ url: page.shown, excerpt: where })),
        ),
      "No fetched page loads style sheets of another origin",
    );
  },
});

function sheetsOf(site: HttpSite): readonly ExternalElement[] {
  return externalsOf(site).elements.filter(({ element }) => element === "stylesheet");
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { open } = externalsOf(site);
  const sheets = sheetsOf(site);
  if (sheets.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  const faults = sheets.flatMap((each) => integrityFaults(site, each, { isPlainFailure: false }));
  return { findings: faultFindings(faults), ...(open !== undefined && { unanswered: open }) };
}
