import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { fieldValues, type HttpExchange, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { httpsAnswers } from "../../live-headers/answers.ts";
import { HSTS_FIELD, hstsOf, ONE_YEAR_SECONDS } from "../../live-headers/hsts.ts";
import { fieldFixes, serverFix } from "../../live-site/server-fixes.ts";
import {
  judgeSites,
  type SiteVerdict,
  seenIn,
  showAnswer,
  showSite,
  silenceOf,
} from "../../live-site/sites.ts";
import { hstsPreload } from "./preload.control.ts";

const ADVICE =
  "Meet the rules and submit the domain at https://hstspreload.org/ (every subdomain must speak https; removal takes months), or take preload out";
const FIX = fieldFixes(HSTS_FIELD, "max-age=63072000; includeSubDomains; preload");

export const hstsPreloadLive = defineCheck({
  control: hstsPreload,
  layer: "live",
  reads:
    "The first answer over https by the rules of hstspreload.org, the way from http, and the list given by --hsts-preload.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "The host is eligible and in the preload list",
          judged.map((site) => seenIn(site, listed(site))),
        ),
      "No Strict-Transport-Security header carries preload",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const [first] = site.https.hops;
  const look = httpsAnswers(site);
  if (look === undefined) return undefined;
  const isWished = look.answers.some(({ answer }) => hstsOf(answer).effective?.preload === true);
  if (first === undefined)
    return { findings: [], unanswered: silenceOf(site.https) ?? "no answer" };
  if (!isWished) return undefined;
  const apex = apexOf(site);
  if (apex !== undefined) return judgeSubdomain(site, first, apex);
  const findings = faultsOf(site, first).map(
    ([rule, what]): Finding => ({
      rule,
      status: "warn",
      subject: showSite(site),
      message: `${showSite(site)} asks for preloading, yet ${what}`,
      fix: `${ADVICE}. ${serverFix(site, FIX)}`,
      evidence: [
        seenIn(first, `${first.status} ${headerOf(first)}`),
        seenIn(site.http, wayOf(site)),
        seenIn(site, listed(site)),
      ],
      // What was submitted is in no list yet.
      ...(rule === "not-listed" && { isAbsence: true }),
    }),
  );
  const open = openQuestion(site);
  return { findings, ...(open !== undefined && { unanswered: open }) };
}

/** The registrable domain, where the host is not it: nothing else can be submitted. */
function apexOf({ domains, host }: HttpSite): string | undefined {
  const apex = domains[host]?.icann ?? host;
  return apex === host ? undefined : apex;
}

/** Below the domain that can be submitted the field asks for nothing; what counts is the domain's own entry. */
function judgeSubdomain(site: HttpSite, first: HttpExchange, apex: string): SiteVerdict {
  const { preload } = site;
  if (preload.state === "yes") return { findings: [] };
  if (preload.state === "unknown") {
    const unanswered = `only ${apex} can be submitted; whether it is in the preload list is not known without --hsts-preload FILE`;
    return { findings: [], unanswered };
  }
  const finding: Finding = {
    rule: "not-apex",
    status: "warn",
    subject: showSite(site),
    message: `${showSite(site)} asks for preloading, yet only ${apex} can be submitted, and the list of --hsts-preload has neither`,
    fix: `Send the header with preload on https://${apex}/ and submit that, or take preload out here`,
    evidence: [seenIn(first, `${first.status} ${headerOf(first)}`), seenIn(site, listed(site))],
  };
  return { findings: [finding] };
}

type Fault = readonly [rule: string, what: string];

/** The rules of hstspreload.org, as far as the outside of one host shows them. */
function faultsOf(site: HttpSite, first: HttpExchange): readonly Fault[] {
  const policy = hstsOf(first).effective;
  const faults: (Fault | false)[] = [
    policy === undefined && ["no-header", "its first answer over https has no valid header"],
    policy !== undefined &&
      policy.maxAgeSeconds < ONE_YEAR_SECONDS && ["too-short", "max-age is below 31536000"],
    policy?.includeSubDomains === false && ["no-subdomains", "includeSubDomains is missing"],
    policy?.preload === false && ["not-first", "its first answer over https lacks preload"],
    first.certificate?.isVerified === false && ["untrusted", "its certificate does not verify"],
    isRedirectWrong(site) && ["no-redirect", "http does not lead to https on the same host first"],
    site.preload.state === "no" && ["not-listed", "the list of --hsts-preload does not have it"],
  ];
  return faults.filter((fault) => fault !== false);
}

/** Nothing to redirect where nothing answers. */
function isRedirectWrong({ http, host }: HttpSite): boolean {
  const [first] = http.hops;
  if (first === undefined) return false;
  const [location] = fieldValues(first, "location");
  const target = location === undefined ? null : URL.parse(location, first.url);
  const isRedirect = first.status >= 300 && first.status < 400;
  if (!isRedirect || target === null || target.protocol !== "https:") return true;
  return target.hostname.replace(/^\[|\]$/g, "") !== host;
}

function openQuestion({ http, preload }: HttpSite): string | undefined {
  const { end } = http;
  const isSilent =
    http.hops.length === 0 &&
    end.kind === "no-answer" &&
    end.failure.kind !== "refused" &&
    end.failure.kind !== "reset";
  if (isSilent) return `http gave no answer: ${end.failure.detail}`;
  return preload.state === "unknown"
    ? "whether it is in the preload list is not known without --hsts-preload FILE"
    : undefined;
}

function headerOf(answer: HttpExchange): string {
  const [value] = fieldValues(answer, "strict-transport-security");
  return value === undefined ? `${HSTS_FIELD} not sent` : `${HSTS_FIELD}: ${value.slice(0, 200)}`;
}

function wayOf({ http }: HttpSite): string {
  const [first] = http.hops;
  return first === undefined ? (silenceOf(http) ?? "no answer") : showAnswer(first);
}

function listed({ preload }: HttpSite): string {
  switch (preload.state) {
    case "yes":
      return `in the preload list by ${preload.by}`;
    case "no":
      return "not in the preload list";
    case "unknown":
      return "no preload list given";
  }
}
