import type { Evidence } from "../../core/check.ts";
import type { HttpPage } from "../../core/http-page.ts";
import { withoutQuery } from "../../core/http-report.ts";
import {
  fieldValues,
  type HttpAttempt,
  type HttpExchange,
  type HttpField,
  type HttpSite,
  http2Answer,
  judgedAnswer,
  REDIRECT_STATUSES,
} from "../../core/http-site.ts";
import { type CspDirective, type CspPolicy, parseCsp } from "../../parsers/csp/policy.ts";
import { NONCE_PLACEHOLDER } from "../../parsers/csp/suggest.ts";
import { silenceOf } from "../live-site/sites.ts";

/** One HTML page as fetched, with every policy it came with. */
export interface CspPage {
  readonly exchange: HttpExchange;
  readonly page: HttpPage;
  /** The address for people, without query; stable from run to run. */
  readonly shown: string;
  /** Enforced and report-only, from header fields and from meta elements in the head. */
  readonly policies: readonly CspPolicy[];
  readonly enforced: readonly CspPolicy[];
  /** Why what is not found on it may be there all the same: a limit cut the page or its policies. */
  readonly cut?: string;
  /** Why its policies may say more than was read. */
  readonly policyCut?: string;
}

export interface SitePages {
  /** The judged page first. */
  readonly pages: readonly CspPage[];
  /** A page that was asked for and not seen, and why. */
  readonly unanswered?: string;
}

/** The HTML pages of a site: the judged one, the paths, the page of an error. A redirect's body is shown to nobody. */
export function htmlPages(site: HttpSite): SitePages {
  const main = judgedAnswer(site);
  if (main === undefined) {
    const why = silenceOf(site.https) ?? silenceOf(site.http) ?? "no answer";
    return { pages: [], unanswered: why };
  }
  const { errorPage, paths } = site.extra;
  const attempts: readonly HttpAttempt[] = [
    ...paths,
    ...(errorPage === undefined ? [] : [errorPage]),
  ];
  const answers = attempts.flatMap((each) => ("answer" in each ? [each.answer] : []));
  const pages = [main, ...answers].flatMap(asCspPage);
  const unanswered = whyNoPage(main) ?? attempts.flatMap(whyUnanswered)[0];
  return { pages, ...(unanswered !== undefined && { unanswered }) };
}

/** Why the judged answer is no page a visitor is meant to see. A login's page may come with 401 or 403. */
function whyNoPage({ status }: HttpExchange): string | undefined {
  if (REDIRECT_STATUSES.has(status)) return "the redirects end at no page";
  const isShown = status < 300 || status === 401 || status === 403;
  return isShown ? undefined : `the main page answers ${status}`;
}

/** The judged page's second fetch; nothing where it gave no HTML with the same status. */
export function secondFetch(site: HttpSite): CspPage | undefined {
  const { again } = site.extra;
  const main = judgedAnswer(site);
  if (again === undefined || !("answer" in again) || again.answer.status !== main?.status)
    return undefined;
  return asCspPage(again.answer)[0];
}

/** An answer foretold by its fields as a page without content, for rules that judge policies alone. */
export function foretoldPage(exchange: HttpExchange): CspPage | undefined {
  const fields = exchange.fields.map(
    ([name, value]): HttpField => [name, value.replaceAll(NONCE_PLACEHOLDER, FORETOLD_NONCE)],
  );
  return asCspPage({ ...exchange, fields, body: { ...exchange.body, page: EMPTY_PAGE } })[0];
}

/** Stands for a nonce that is made for each answer, of the length that is due. */
const FORETOLD_NONCE = "q8Zt3VnLwB6yKcXe0RfJmA";

const EMPTY_PAGE: HttpPage = {
  ...{ metas: [], scripts: [], styles: [], links: [], media: [], forms: [], handlers: [] },
  ...{ styleAttributes: [], anchors: [], cut: [] },
};

/** The judged page over HTTP/2, where it gave HTML with the same status. */
export function http2Fetch(site: HttpSite): CspPage | undefined {
  const answer = http2Answer(site);
  return answer === undefined ? undefined : asCspPage(answer)[0];
}

/** The first limit that cut one of the pages. */
export function cutOf(pages: readonly CspPage[]): string | undefined {
  const first = pages.find(({ cut }) => cut !== undefined);
  return first === undefined ? undefined : `${first.shown}: ${first.cut}`;
}

/** The first limit that cut the policies of one of the pages. */
export function policyCutOf(pages: readonly CspPage[]): string | undefined {
  const first = pages.find(({ policyCut }) => policyCut !== undefined);
  return first === undefined ? undefined : `${first.shown}: ${first.policyCut}`;
}

/** The policies that say something: the enforced ones, else those that only report. */
export function judgedPolicies({ enforced, policies }: CspPage): readonly CspPolicy[] {
  return enforced.length > 0 ? enforced : policies;
}

function whyUnanswered(attempt: HttpAttempt): readonly string[] {
  return "failure" in attempt
    ? [`${stableUrl(attempt.url)} gave no answer: ${attempt.failure.detail}`]
    : [];
}

function asCspPage(exchange: HttpExchange): readonly CspPage[] {
  const { page } = exchange.body;
  if (page === undefined || REDIRECT_STATUSES.has(exchange.status)) return [];
  const metas = page.metas
    .filter(({ httpEquiv, isInHead }) => isInHead && isCspName(httpEquiv))
    .map(({ content = "" }) => content);
  const read = [
    parseCsp(fieldValues(exchange, "content-security-policy"), {
      disposition: "enforce",
      delivery: "header",
    }),
    parseCsp(metas, { disposition: "enforce", delivery: "meta" }),
    parseCsp(fieldValues(exchange, "content-security-policy-report-only"), {
      disposition: "report",
      delivery: "header",
    }),
  ];
  const policies = read.flatMap(({ policies: each }) => each);
  const problem = read.flatMap(({ problems }) => problems).find(({ rule }) => LIMITS.has(rule));
  const cut = problem?.message ?? pageCut(exchange, page);
  return [
    {
      exchange,
      page,
      shown: stableUrl(exchange.url),
      policies,
      enforced: policies.filter(({ disposition }) => disposition === "enforce"),
      ...(cut !== undefined && { cut }),
      ...(problem !== undefined && { policyCut: problem.message }),
    },
  ];
}

function isCspName(httpEquiv: string | undefined): boolean {
  return httpEquiv?.trim().toLowerCase() === "content-security-policy";
}

/** Problems by which the parser says that it stopped reading. */
const LIMITS: ReadonlySet<string> = new Set([
  "too-long",
  "too-many",
  "too-many-policies",
  "too-many-directives",
]);

function pageCut({ body }: HttpExchange, page: HttpPage): string | undefined {
  if (body.cut !== undefined) return "the page was not read to its end";
  return page.cut.length === 0
    ? undefined
    : `the page has more ${page.cut.join(", ")} than are kept`;
}

/** The path that does not exist is new with each run; a finding about it must not be. */
function stableUrl(url: string): string {
  return withoutQuery(url).replace(/\/plimsoll-[0-9a-f]{16}$/, "/plimsoll-*");
}

/** Characters of a policy or directive that are quoted. */
export const POLICY_EXCERPT_MAX = 300;

export function fieldNameOf({ delivery, disposition }: CspPolicy): string {
  if (delivery === "meta") return '<meta http-equiv="Content-Security-Policy">';
  return disposition === "enforce"
    ? "Content-Security-Policy"
    : "Content-Security-Policy-Report-Only";
}

/** `Content-Security-Policy: default-src 'self'; …`, nonces by their length. */
export function policyEvidence({ shown }: CspPage, policy: CspPolicy): Evidence {
  return { url: shown, excerpt: `${fieldNameOf(policy)}: ${bounded(quotable(policy.text))}` };
}

/** One directive, or the whole policy where it has none of that name. */
export function directiveEvidence(
  page: CspPage,
  policy: CspPolicy,
  directive: CspDirective | undefined,
): Evidence {
  if (directive === undefined) return policyEvidence(page, policy);
  const text = [directive.name, ...directive.tokens.map((token) => token.text)].join(" ");
  return { url: page.shown, excerpt: `${fieldNameOf(policy)}: ${bounded(quotable(text))}` };
}

/**
 * A policy's text as it may be quoted: nonces by their length, as one is worth something while its page is open;
 * addresses without user info and query (catalog G6: a query may hold a key).
 */
export function quotable(text: string): string {
  return text
    .replace(/'nonce-([^'\s;]*)'/gi, (_, nonce: string) => `'nonce-<${nonce.length} characters>'`)
    .replace(/\?[^\s;,]*/g, "?…")
    .replace(/\/\/[^\s/;,@]*@/g, "//");
}

/** The enforced policies of an answer, as traces compare them. */
export function policyCanonical(exchange: HttpExchange): string | undefined {
  const values = fieldValues(exchange, "content-security-policy");
  const { policies } = parseCsp(values, { disposition: "enforce", delivery: "header" });
  return policies.length === 0 ? undefined : policies.map(({ text }) => quotable(text)).join(", ");
}

function bounded(text: string): string {
  return text.length > POLICY_EXCERPT_MAX ? `${text.slice(0, POLICY_EXCERPT_MAX)}…` : text;
}
