import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { allowsInline } from "../../../parsers/csp/inline.ts";
import { noncesOf } from "../../../parsers/csp/nonce.ts";
import { type InlineNeed, inlineOf } from "../../../parsers/csp/page-needs.ts";
import type { CspPolicy } from "../../../parsers/csp/policy.ts";
import { type CspPage, cutOf, htmlPages } from "../../live-csp/csp-pages.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { inlineNeeds } from "../../live-csp/page-needs.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspNonceInlineTaggedControl } from "./nonce-inline-tagged.control.ts";

export const cspNonceInlineTaggedLive = defineCheck({
  control: cspNonceInlineTaggedControl,
  layer: "live",
  reads: "Inline scripts, styles and handlers of every fetched page whose policy names a nonce.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "All inline code is tagged",
          judged.flatMap((site) =>
            noncePages(site).map(({ page, shown }) => ({
              url: shown,
              excerpt: `${taggable(page).length} inline elements and handlers, all with nonce or hash`,
            })),
          ),
        ),
      "No policy names a nonce",
    );
  },
});

function noncePages(site: HttpSite): readonly CspPage[] {
  return htmlPages(site).pages.filter(({ policies }) => noncesOf(policies).length > 0);
}

/** The catalog names no style attributes: no nonce can stand on them. */
function taggable(page: CspPage["page"]): readonly InlineNeed[] {
  return inlineNeeds(page).filter(({ kind }) => kind !== "style-attribute");
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages: all, unanswered } = htmlPages(site);
  const pages = noncePages(site);
  const open = unanswered ?? cutOf(all);
  if (pages.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  const findings = faultFindings(pages.flatMap(untagged));
  return { findings, ...(open !== undefined && { unanswered: open }) };
}

function untagged(page: CspPage): readonly PageFault[] {
  const policies = page.policies.filter((policy) => noncesOf([policy]).length > 0);
  return taggable(page.page)
    .filter((need) => !isTagged(need, policies))
    .map((need) => {
      const isOther = need.nonce !== undefined;
      return {
        rule: isOther ? "nonce-mismatch" : "untagged",
        status: "warn",
        subject: need.kind,
        what: isOther
          ? `Inline ${NAMES[need.kind]} with a nonce that is not the answer's own`
          : `Inline ${NAMES[need.kind]} without nonce or hash`,
        fix: fixFor(need),
        evidence: { url: page.shown, excerpt: need.where },
      };
    });
}

/** Every policy that names nonces must let it in by its nonce or its hash, not by 'unsafe-inline' or for lack of a directive. */
function isTagged(need: InlineNeed, policies: readonly CspPolicy[]): boolean {
  return allowsInline(policies, inlineOf(need)).decisions.every(
    ({ allowed, source }) =>
      allowed && (source?.expression.kind === "nonce" || source?.expression.kind === "hash"),
  );
}

const NAMES: Readonly<Record<InlineNeed["kind"], string>> = {
  script: "script",
  style: "style",
  navigation: "javascript: URL",
  "script-attribute": "event handler",
  "style-attribute": "style attribute",
};

function fixFor({ kind }: InlineNeed): string {
  switch (kind) {
    case "script":
      return 'Write <script nonce="{{ nonce }}"> with the nonce of the same answer, or move the code to a file';
    case "style":
    case "style-attribute":
      return 'Write <style nonce="{{ nonce }}"> and name the nonce in style-src too, or move the rules to a file';
    case "script-attribute":
      return "Move the handler to a file: element.addEventListener('click', ...)";
    case "navigation":
      return "Make it a button whose handler a file adds, or a link to a real address";
  }
}
