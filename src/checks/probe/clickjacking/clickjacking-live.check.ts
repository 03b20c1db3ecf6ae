import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import {
  answeredPages,
  fieldValues,
  type HttpExchange,
  type HttpSite,
  judgedAnswer,
} from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { ANCESTORS_FIX, FRAME_FIX } from "../../live-headers/framing.ts";
import { serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict, seenIn, showPage, showSite } from "../../live-site/sites.ts";
import { probeClickjackingControl } from "./clickjacking.control.ts";
import { type Framing, framingOf } from "./framing.ts";

/** Pages named in one message, and quoted as evidence. */
const NAMED_MAX = 3;
const EVIDENCE_MAX = 8;

export const probeClickjackingLive = defineCheck({
  control: probeClickjackingControl,
  layer: "live",
  reads: "Content-Security-Policy and X-Frame-Options of every HTML page that was fetched.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every page forbids foreign frames",
          judged.flatMap((site) => pagesOf(site).slice(0, EVIDENCE_MAX).map(evidenceOf)),
        ),
      "No HTML page is served",
    );
  },
});

interface FramedPage {
  readonly answer: HttpExchange;
  readonly framing: Framing;
}

/** HTML that a browser shows; the judged page's second answer counts as one more. */
function pagesOf(site: HttpSite): readonly FramedPage[] {
  const { again } = site.extra;
  const pages = [
    ...answeredPages(site),
    ...(again !== undefined && "answer" in again ? [again.answer] : []),
  ];
  const seen = new Set<string>();
  return pages
    .filter(isShownHtml)
    .map((answer) => ({ answer, framing: framingOf(answer) }))
    .filter(({ answer, framing }) => {
      const key = JSON.stringify([withoutQuery(answer.url), framing]);
      return !seen.has(key) && seen.add(key);
    });
}

function isShownHtml(answer: HttpExchange): boolean {
  const isRedirect = answer.status >= 300 && answer.status < 400;
  const type = fieldValues(answer, "content-type").join(",");
  const isHtml = answer.body.page !== undefined || /text\/html|application\/xhtml\+xml/i.test(type);
  return isHtml && !isRedirect && answer.body.sizeBytes > 0;
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const pages = pagesOf(site);
  const unanswered = whyOpen(site, pages);
  if (pages.length === 0)
    return unanswered === undefined ? undefined : { findings: [], unanswered };
  const open = pages.filter(({ framing }) => framing.by === "anyone");
  const own = pages.filter(({ framing }) => framing.by === "same-origin" && !framing.isPolicy);
  const good = pages.filter((page) => !open.includes(page) && !own.includes(page));
  const findings = [
    ...findingOf(site, open, good, "framing-allowed"),
    ...findingOf(site, own, good, "only-sameorigin"),
  ];
  return { findings, ...(unanswered !== undefined && { unanswered }) };
}

function findingOf(
  site: HttpSite,
  pages: readonly FramedPage[],
  good: readonly FramedPage[],
  rule: "framing-allowed" | "only-sameorigin",
): readonly Finding[] {
  const [first, ...others] = pages;
  if (first === undefined) return [];
  const isOpen = rule === "framing-allowed";
  const what = isOpen ? "Any site may frame" : "Only X-Frame-Options: SAMEORIGIN protects";
  const contrast = isOpen && good.length > 0 ? ` (forbidden on ${namesOf(good)})` : "";
  return [
    {
      rule,
      status: isOpen ? "fail" : "warn",
      subject: showSite(site),
      message: `${what} ${namesOf(pages)}${contrast}`,
      fix: serverFix(site, first.framing.isPolicy ? ANCESTORS_FIX : FRAME_FIX),
      evidence: [evidenceOf(first), ...others.slice(0, EVIDENCE_MAX - 1).map(evidenceOf)],
    },
  ];
}

function namesOf(pages: readonly FramedPage[]): string {
  const names = [...new Set(pages.map(({ answer }) => showPage(answer.url)))];
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : "";
  return `${names.slice(0, NAMED_MAX).join(", ")}${more}`;
}

function evidenceOf({ answer, framing }: FramedPage): Evidence {
  return seenIn(answer, `${answer.status}, ${framing.shown}`);
}

function whyOpen(site: HttpSite, pages: readonly FramedPage[]): string | undefined {
  if (judgedAnswer(site) === undefined) {
    const { end } = site.https;
    return end.kind === "no-answer" ? end.failure.detail : "no answer";
  }
  const unread = pages.find(({ framing }) => framing.by === "not-read");
  if (unread !== undefined) return `${withoutQuery(unread.answer.url)}: ${unread.framing.shown}`;
  const { paths, errorPage } = site.extra;
  for (const attempt of [...paths, ...(errorPage === undefined ? [] : [errorPage])]) {
    if ("failure" in attempt) return `${withoutQuery(attempt.url)}: ${attempt.failure.detail}`;
  }
  return undefined;
}
