import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { type ExternalElement, externalsOf } from "../../live-sri/external.ts";
import { sriCrossoriginControl } from "./crossorigin.control.ts";

const FIX = 'Add crossorigin="anonymous" to the element';

export const sriCrossoriginLive = defineCheck({
  control: sriCrossoriginControl,
  layer: "live",
  reads: "Elements of every fetched page that have integrity and load from another origin.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every external resource with integrity is loaded without credentials",
          judged.flatMap(checkedOf).map(({ page, where }) => ({ url: page.shown, excerpt: where })),
        ),
      "No fetched page loads a resource of another origin with integrity",
    );
  },
});

function checkedOf(site: HttpSite): readonly ExternalElement[] {
  return externalsOf(site).elements.filter(({ integrity }) => integrity !== undefined);
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { open } = externalsOf(site);
  const checked = checkedOf(site);
  if (checked.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  return {
    findings: faultFindings(checked.flatMap(originFaults)),
    ...(open !== undefined && { unanswered: open }),
  };
}

/** Any value but `use-credentials` means anonymous (HTML section 2.5.4, the invalid value default). */
function originFaults({ crossorigin, url, page, where }: ExternalElement): readonly PageFault[] {
  const isMissing = crossorigin === undefined;
  if (!isMissing && crossorigin.toLowerCase() !== "use-credentials") return [];
  const what = isMissing
    ? `A resource of ${url.host} has integrity without crossorigin, so that browsers block it`
    : `A resource of ${url.host} is loaded with the visitor's credentials`;
  const rule = isMissing ? "crossorigin-missing" : "with-credentials";
  const evidence = { url: page.shown, excerpt: where };
  return [{ rule, status: "warn", subject: url.host, what, fix: FIX, evidence }];
}
