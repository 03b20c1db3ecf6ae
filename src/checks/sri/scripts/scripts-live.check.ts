import { defineCheck, type Evidence, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { htmlPages } from "../../live-csp/csp-pages.ts";
import { faultFindings } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { externalsOf } from "../../live-sri/external.ts";
import { integrityFaults } from "../../live-sri/integrity-faults.ts";
import { sriScriptsControl } from "./scripts.control.ts";

export const sriScriptsLive = defineCheck({
  control: sriScriptsControl,
  layer: "live",
  reads: "Script elements of every fetched page that load from another origin.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass("Every external script of the fetched pages carries integrity", judged.flatMap(seen)),
      "No fetched page loads scripts of another origin",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { elements, open } = externalsOf(site);
  const scripts = elements.filter(({ element }) => element === "script");
  if (scripts.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  const faults = scripts.flatMap((each) => integrityFaults(site, each, { isPlainFailure: true }));
  return { findings: faultFindings(faults), ...(open !== undefined && { unanswered: open }) };
}

/** What was judged, and pages whose own code adds scripts, which no look at the markup can judge. */
function seen(site: HttpSite): readonly Evidence[] {
  const scripts = externalsOf(site).elements.filter(({ element }) => element === "script");
  const adding = htmlPages(site).pages.filter(({ exchange }) =>
    /createElement\(\s*["'`]script["'`]\s*\)/i.test(exchange.body.text ?? ""),
  );
  return [
    ...scripts.map(({ page, where }) => ({ url: page.shown, excerpt: where })),
    ...adding.map(({ shown }) => ({
      url: shown,
      excerpt: "the page's own code adds script elements; what they load was not judged",
    })),
  ];
}
