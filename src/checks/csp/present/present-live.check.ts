import { defineCheck, type Evidence, pass } from "../../../core/check.ts";
import { fieldValues, type HttpSite } from "../../../core/http-site.ts";
import type { Statement } from "../../../core/trace.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { type CspPolicy, directiveOf } from "../../../parsers/csp/policy.ts";
import {
  type CspPage,
  htmlPages,
  http2Fetch,
  POLICY_EXCERPT_MAX,
  policyEvidence,
  quotable,
  secondFetch,
} from "../../live-csp/csp-pages.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { silentHttp2 } from "../../live-headers/answers.ts";
import { CSP_FIX } from "../../live-headers/policies.ts";
import { serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import { cspPresentControl } from "./present.control.ts";

export const cspPresentLive = defineCheck({
  control: cspPresentControl,
  layer: "live",
  reads: "Content-Security-Policy fields and meta elements of every fetched HTML page.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every fetched page comes with an enforced policy",
          judged.flatMap((site) => htmlPages(site).pages.flatMap(allEvidence)),
        ),
      "No HTML is served",
    );
  },

  states: ({ sites }) => sites.flatMap(statementOf),
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { pages, unanswered } = htmlPages(site);
  const open = unanswered ?? pages.flatMap(unreadHead)[0] ?? silentHttp2(site);
  if (pages.length === 0) {
    return unanswered === undefined ? undefined : { findings: [], unanswered };
  }
  const fix = serverFix(site, CSP_FIX);
  const faults = [
    ...pages.flatMap((page) => pageFaults(page, fix)),
    ...changeFaults(site, pages),
    ...protocolFaults(site, pages),
  ];
  return {
    findings: faultFindings(faults),
    ...(open !== undefined && { unanswered: open }),
  };
}

/** What a limit cut may hold the directive that seems to lack. Without a policy in the header, a cut page may have one in the part of its head that was not read. */
function unreadHead(page: CspPage): readonly string[] {
  if (page.policyCut !== undefined && missingDirectives(page.enforced).length > 0) {
    return [`${page.shown}: ${page.policyCut}`];
  }
  if (page.cut === undefined || page.enforced.some(isHeader)) return [];
  return isHeadOver(page) ? [] : [`${page.shown}: ${page.cut}`];
}

function isHeadOver({ page, cut }: CspPage): boolean {
  if (cut === undefined) return true;
  const { anchors, media, forms } = page;
  return !page.cut.includes("metas") && anchors.length + media.length + forms.length > 0;
}

function pageFaults(page: CspPage, fix: string): readonly PageFault[] {
  const { enforced, policies } = page;
  const [reporting] = policies;
  if (enforced.some(hasEffect)) return enforcedFaults(page, enforced, fix);
  if (enforced.length === 0 && reporting !== undefined) {
    const what = "The policy only reports and blocks nothing";
    const enforce = "Send the policy as Content-Security-Policy once its reports are clean";
    return [fault("report-only", "warn", what, enforce, policyEvidence(page, reporting))];
  }
  return isHeadOver(page) ? [missing(page, fix)] : [];
}

/** An error's page shows little of the application: where only it lacks the policy, that is a warning. */
function missing(page: CspPage, fix: string): PageFault {
  const { exchange, shown } = page;
  const [value] = fieldValues(exchange, "content-security-policy");
  const status = exchange.status >= 400 && exchange.status !== 401 && exchange.status !== 403;
  const excerpt =
    value === undefined
      ? `${exchange.status}, no Content-Security-Policy`
      : `Content-Security-Policy: ${quotable(value).slice(0, POLICY_EXCERPT_MAX)}`;
  const what =
    value === undefined
      ? "No Content-Security-Policy is sent"
      : "The Content-Security-Policy holds no directive that browsers obey";
  const rule = value === undefined ? "missing" : "no-effect";
  return fault(rule, status ? "warn" : "fail", what, fix, { url: shown, excerpt });
}

function fault(
  rule: string,
  status: "warn" | "fail",
  what: string,
  fix: string,
  evidence: Evidence,
): PageFault {
  return { rule, status, what, fix, evidence };
}

function enforcedFaults(
  page: CspPage,
  enforced: readonly CspPolicy[],
  fix: string,
): readonly PageFault[] {
  const [first] = enforced;
  if (first === undefined) return [];
  const evidence = policyEvidence(page, first);
  if (!enforced.some(isHeader)) {
    const what =
      "The policy stands in a meta element only, where frame-ancestors and reports have no effect";
    return [fault("meta-only", "warn", what, fix, evidence)];
  }
  if (page.policyCut !== undefined) return [];
  return missingDirectives(enforced).map((name) => ({
    ...fault("directive-missing", "warn", `The policy has no ${name}`, fixFor(name), evidence),
    subject: name,
  }));
}

/** What the policies together lack: a load must pass each of them, so one that has the directive suffices. */
function missingDirectives(enforced: readonly CspPolicy[]): readonly string[] {
  const has = (name: string) => enforced.some((policy) => directiveOf(policy, name) !== undefined);
  const loads = has("default-src") ? [] : ["script-src", "object-src"];
  return [...loads, "base-uri", "frame-ancestors"].filter((name) => !has(name));
}

const ADDITIONS: Readonly<Record<string, string>> = {
  "script-src": "default-src 'self'",
  "object-src": "object-src 'none'",
  "base-uri": "base-uri 'self'",
  "frame-ancestors": "frame-ancestors 'none'",
};

function fixFor(name: string): string {
  return `Add to the policy: ${ADDITIONS[name] ?? name}`;
}

function isHeader({ delivery }: CspPolicy): boolean {
  return delivery === "header";
}

function hasEffect({ directives }: CspPolicy): boolean {
  return directives.some(({ ignored }) => ignored === undefined);
}

/** A policy that is there only once is none for those who get the other answer. */
function changeFaults(site: HttpSite, pages: readonly CspPage[]): readonly PageFault[] {
  const [main] = pages;
  const again = secondFetch(site);
  if (main === undefined || again === undefined || main.shown !== again.shown) return [];
  if (hasPolicy(main) === hasPolicy(again)) return [];
  const what = "Of two fetches only one comes with an enforced policy";
  const fix = "Set the policy in one place that every server and cache behind this address shares";
  const without = hasPolicy(main) ? again : main;
  if (!isHeadOver(without)) return [];
  const order = hasPolicy(main) ? "second" : "first";
  const excerpt = `${order} fetch: ${without.exchange.status}, no Content-Security-Policy`;
  return [fault("not-always", "fail", what, fix, { url: main.shown, excerpt })];
}

/** Most browsers see the page over HTTP/2. */
function protocolFaults(site: HttpSite, [main]: readonly CspPage[]): readonly PageFault[] {
  const other = http2Fetch(site);
  if (main === undefined || other === undefined || main.shown !== other.shown) return [];
  if (hasPolicy(main) === hasPolicy(other)) return [];
  const [protocol, without] = hasPolicy(main) ? ["HTTP/2", other] : ["HTTP/1.1", main];
  if (!isHeadOver(without)) return [];
  const what = `Over ${protocol} alone the page comes without an enforced policy`;
  const fix = "Set the policy in the server block that the listeners of both protocols share";
  const excerpt = `${protocol}: ${without.exchange.status}, no Content-Security-Policy`;
  return [fault("not-by-protocol", "fail", what, fix, { url: main.shown, excerpt })];
}

function hasPolicy({ enforced }: CspPage): boolean {
  return enforced.some(hasEffect);
}

function allEvidence(page: CspPage): readonly Evidence[] {
  return page.enforced.map((policy) => policyEvidence(page, policy));
}

/** The header as the client got it with the judged page. */
function statementOf(site: HttpSite): readonly Statement[] {
  const [main] = htmlPages(site).pages;
  if (main === undefined) return [];
  const values = main.enforced.filter(isHeader).map(({ text }) => quotable(text));
  return values.length === 0
    ? [{ layer: "live", says: "drops", where: main.shown }]
    : [{ layer: "live", says: "sets", value: values.join(", "), where: main.shown }];
}
