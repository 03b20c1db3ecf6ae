import {
  defineCheck,
  type Evidence,
  type Finding,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import { answeredPages, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { cookiesOf, whyUnseen } from "../../live-site/cookies.ts";
import { type ServerFixes, serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict, seenIn, showPage, showSite } from "../../live-site/sites.ts";
import { csrfEnabledControl } from "./enabled.control.ts";
import { type PostingForm, postingForms } from "./posting-forms.ts";

/** Names of lists that were longer than is kept. */
const FORM_LISTS: ReadonlySet<string> = new Set(["forms", "inputs", "metas"]);
/** Forms quoted, and characters of an action. */
const EVIDENCE_MAX = 8;
const ACTION_CHARACTERS_MAX = 120;
/** Pages named in one message. */
const NAMED_MAX = 3;

const FIX: ServerFixes = {
  django: "write {% csrf_token %} in the form, with CsrfViewMiddleware in MIDDLEWARE",
  express: "a CSRF middleware behind the session's, its token in a hidden field of the form",
  generic:
    "Register the framework's CSRF middleware for every route that changes something, and write its token into the form; see csrf.tested for the proof",
};

export const csrfEnabledLive = defineCheck({
  control: csrfEnabledControl,
  layer: "live",
  reads: "Forms that post, their hidden fields, and the cookies set with them; nothing is sent.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged): Outcome =>
        pass(
          "Every form carries a token that the framework's middleware sets with it",
          judged.flatMap((site) => evidenceOf(postingForms(site))),
        ),
      "No fetched page has a form that posts for somebody known by a cookie",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const forms = postingForms(site);
  const open = whyUnseen(site) ?? whyCut(site);
  if (forms.length === 0 || !isCookieAuthenticated(site, forms)) {
    return open === undefined ? undefined : { findings: [], unanswered: open };
  }
  // What was not read to its end may hold the token.
  const findings =
    whyCut(site) === undefined ? [...bareForms(site, forms), ...sentAlong(site, forms)] : [];
  const isKnown = forms.every(({ token }) => token === "django" || token === "laravel");
  const unanswered = open ?? (isKnown ? undefined : whyOpen(site, forms));
  return { findings, ...(unanswered !== undefined && { unanswered }) };
}

/** The operator's own fields may hold a session; and who asks for a password means to set one. */
function isCookieAuthenticated(site: HttpSite, forms: readonly PostingForm[]): boolean {
  const isLogin = forms.some((form) => form.isLogin);
  return site.hasOwnFields || isLogin || cookiesOf(site, "session").length > 0;
}

/** On a site whose forms carry a framework's token, one without is exempt from the check, or always refused. */
function bareForms(site: HttpSite, forms: readonly PostingForm[]): readonly Finding[] {
  const isProtected = forms.some(({ token }) => token === "django" || token === "laravel");
  // A form without an action is sent by scripts as often as not, and these may add the token.
  const bare = forms.filter(
    ({ token, isTokenInPage, form }) =>
      token === "none" && !isTokenInPage && form.action !== undefined,
  );
  if (!isProtected) return [];
  return finding(site, bare, {
    rule: "form-without-token",
    what: "posts without the token that other forms of the site carry: its view is exempt from the check, or refuses it",
  });
}

/** The browser adds such a cookie to what other sites post (RFC 6265bis section 5.6.7). */
function sentAlong(site: HttpSite, forms: readonly PostingForm[]): readonly Finding[] {
  const isSentAlong = cookiesOf(site, "session").some(({ seen }) =>
    seen.some(({ cookie }) => cookie.sameSite === "none" && cookie.refused.length === 0),
  );
  const hasCookie = cookiesOf(site, "csrf").length > 0;
  const isTokenSeen = forms.some(({ token, isTokenInPage }) => token !== "none" || isTokenInPage);
  if (!isSentAlong || hasCookie || isTokenSeen) return [];
  return finding(site, forms, {
    rule: "session-sent-along",
    what: "posts without a token, and the session cookie with SameSite=None goes along when another site posts it",
  });
}

function finding(
  site: HttpSite,
  forms: readonly PostingForm[],
  { rule, what }: { readonly rule: string; readonly what: string },
): readonly Finding[] {
  const [first, ...others] = evidenceOf(forms);
  if (first === undefined) return [];
  const pages = [...new Set(forms.map(({ answer }) => showPage(answer.url)))];
  const more = pages.length > NAMED_MAX ? ` and ${pages.length - NAMED_MAX} more` : "";
  return [
    {
      rule,
      status: "warn",
      subject: showSite(site),
      message: `A form on ${pages.slice(0, NAMED_MAX).join(", ")}${more} ${what}`,
      fix: serverFix(site, FIX),
      evidence: [first, ...others],
    },
  ];
}

function evidenceOf(forms: readonly PostingForm[]): readonly Evidence[] {
  return forms.slice(0, EVIDENCE_MAX).map(({ answer, form, token }) => ({
    ...seenIn(answer, `<form method="post"${showAction(form.action)}>, ${TOKEN_WORDS[token]}`),
    line: form.at.line,
  }));
}

const TOKEN_WORDS: Readonly<Record<PostingForm["token"], string>> = {
  django: "with Django's csrfmiddlewaretoken, the answer sets csrftoken",
  laravel: "with Laravel's _token, the answer sets XSRF-TOKEN",
  any: "with a hidden field that is named as a token",
  none: "without a token",
};

function showAction(action: string | undefined): string {
  if (action === undefined) return "";
  const shown = withoutQuery(action);
  const isLong = shown.length > ACTION_CHARACTERS_MAX;
  return ` action="${isLong ? `${shown.slice(0, ACTION_CHARACTERS_MAX)}…` : shown}"`;
}

function whyCut(site: HttpSite): string | undefined {
  const cut = answeredPages(site).find(
    ({ body: { page, cut: why } }) =>
      page !== undefined && (why !== undefined || page.cut.some((list) => FORM_LISTS.has(list))),
  );
  return cut === undefined ? undefined : `${showPage(cut.url)}: not all of its forms were read`;
}

function whyOpen(site: HttpSite, forms: readonly PostingForm[]): string {
  const isTokenSeen = forms.some(({ token, isTokenInPage }) => token !== "none" || isTokenInPage);
  const hasCookie = cookiesOf(site, "csrf").length > 0;
  const seen = isTokenSeen
    ? "a token is in the pages"
    : hasCookie
      ? "a CSRF cookie is set, and no form carries a token"
      : "no token is in the forms and no CSRF cookie is set";
  return `${seen}; whether the server asks for one only a request would tell (csrf.tested)`;
}
