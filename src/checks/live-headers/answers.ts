import {
  allHops,
  type HttpAttempt,
  type HttpExchange,
  type HttpSite,
  hostOf,
  http2Answer,
  judgedAnswer,
  REDIRECT_STATUSES,
} from "../../core/http-site.ts";
import { isClosed, silenceOf } from "../live-site/sites.ts";

/** What an answer was asked for. `error` is a main page that answers with an error, so that nobody saw the page. */
export type AnswerKind =
  | "page"
  | "again"
  | "http2"
  | "error"
  | "redirect"
  | "asset"
  | "path"
  | "missing";

export interface SeenAnswer {
  readonly kind: AnswerKind;
  readonly answer: HttpExchange;
}

/** Every answer of a site whose fields count, the main page first. */
export interface SiteAnswers {
  readonly answers: readonly SeenAnswer[];
  /** What was to be looked at and gave no answer. */
  readonly unanswered?: string;
}

/** Beside 2xx these are what a visitor is shown of a page behind a login. */
const LOGIN_STATUSES: ReadonlySet<number> = new Set([401, 403]);

/**
 * The main page twice, and over HTTP/2 where that is offered, redirects, the page of a missing address, a static asset, linked and named paths. Answers of
 * hosts that are neither the audited one nor that of the main page are other people's and left out.
 */
export function siteAnswers(site: HttpSite): SiteAnswers {
  const main = judgedAnswer(site);
  if (main === undefined) return { answers: [], unanswered: silenceOf(site.https) ?? "no answer" };
  const { again, asset, errorPage, paths } = site.extra;
  const http2 = http2Answer(site);
  const isPage = isShown(main) && ending(site) === undefined;
  const seen: readonly SeenAnswer[] = [
    { kind: isPage ? "page" : "error", answer: main },
    ...answerTo("again", isPage ? again : undefined),
    ...(isPage && http2 !== undefined ? [{ kind: "http2", answer: http2 } as const] : []),
    ...redirects(site, main).map((answer): SeenAnswer => ({ kind: "redirect", answer })),
    ...answerTo("asset", asset),
    ...paths.flatMap((attempt) => answerTo("path", attempt)),
    ...answerTo("missing", errorPage),
  ];
  const own = new Set([site.host, hostOf(main)]);
  const unanswered = isPage
    ? silent(site)
    : (ending(site) ?? `the main page answers ${main.status}`);
  return {
    answers: seen.filter(({ answer }) => own.has(hostOf(answer))),
    ...(unanswered !== undefined && { unanswered }),
  };
}

/**
 * The answers that came over https. `undefined` where https is neither asked for nor served: its port is closed. A
 * main page that is only there over http leaves the question open.
 */
export function httpsAnswers(site: HttpSite): SiteAnswers | undefined {
  const isAsked = site.url.startsWith("https:");
  const isServed = [site.http, site.https].flatMap(allHops).some(isHttps);
  if (!isAsked && !isServed) {
    return isClosed(site.https)
      ? undefined
      : { answers: [], unanswered: silenceOf(site.https) ?? "no answer" };
  }
  const all = siteAnswers(site);
  const answers = all.answers.filter(({ answer }) => isHttps(answer));
  const main = judgedAnswer(site);
  if (main !== undefined && !isHttps(main)) {
    const why = silenceOf(site.https) ?? "https leads back to http";
    return { answers, unanswered: `the main page is not seen over https: ${why}` };
  }
  return { ...all, answers };
}

export function isHttps({ url }: HttpExchange): boolean {
  return url.startsWith("https:");
}

/** A page a visitor is meant to see: not an error, a redirect or an asset. */
export function isDocument({ kind, answer }: SeenAnswer): boolean {
  return (
    kind === "page" ||
    kind === "again" ||
    kind === "http2" ||
    (kind === "path" && answer.status < 300 && isHtml({ kind, answer }))
  );
}

/** Browsers show it as a page. The body of a redirect is shown to nobody. */
export function isHtml({ kind, answer }: SeenAnswer): boolean {
  return answer.body.page !== undefined && !isRedirect({ kind, answer });
}

export function isRedirect({ answer }: SeenAnswer): boolean {
  return REDIRECT_STATUSES.has(answer.status);
}

function isShown({ status }: HttpExchange): boolean {
  return (status >= 200 && status < 300) || LOGIN_STATUSES.has(status);
}

/** Why the chain that is judged came to no page. */
function ending({ http, https }: HttpSite): string | undefined {
  const { end } = https.end.kind === "no-answer" ? http : https;
  switch (end.kind) {
    case "answer":
      return undefined;
    case "no-answer":
      return end.failure.detail;
    case "redirect-limit":
      return end.isLoop ? "the redirects go round in circles" : "there are too many redirects";
    case "location-missing":
    case "location-invalid":
    case "location-scheme":
      return "a redirect leads to no page";
  }
}

function redirects(site: HttpSite, main: HttpExchange): readonly HttpExchange[] {
  const byUrl = new Map(
    [...site.https.hops, ...site.http.hops]
      .filter((hop) => hop.url !== main.url && REDIRECT_STATUSES.has(hop.status))
      .map((hop) => [hop.url, hop]),
  );
  return [...byUrl.values()];
}

function answerTo(kind: AnswerKind, attempt: HttpAttempt | undefined): readonly SeenAnswer[] {
  return attempt !== undefined && "answer" in attempt ? [{ kind, answer: attempt.answer }] : [];
}

/** Browsers take HTTP/2 where it is offered: without this answer nothing is known of what they get. */
export function silentHttp2(site: HttpSite): string | undefined {
  const { http2 } = site.extra;
  const main = judgedAnswer(site);
  const isOpen = http2 !== undefined && main !== undefined && http2Answer(site) === undefined;
  if (!isOpen) return undefined;
  const path = new URL(http2.url).pathname;
  return "answer" in http2
    ? `${path} answers ${http2.answer.status} over HTTP/2 and ${main.status} over HTTP/1.1`
    : `${path} gave no answer over HTTP/2: ${http2.failure.detail}`;
}

function silent(site: HttpSite): string | undefined {
  const { errorPage, asset, paths } = site.extra;
  if (errorPage === undefined) return "the page of a missing address was not asked for";
  for (const attempt of [errorPage, ...paths, ...(asset === undefined ? [] : [asset])]) {
    if (!("answer" in attempt)) {
      return `${new URL(attempt.url).pathname} gave no answer: ${attempt.failure.detail}`;
    }
  }
  return silentHttp2(site);
}
