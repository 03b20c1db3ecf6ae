import type { HttpPage, PageForm, PageInput } from "../../../core/http-page.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import { answeredPages, type HttpExchange, type HttpSite } from "../../../core/http-site.ts";
import { cookiesOf } from "../../live-site/cookies.ts";

/** A form that posts to the own origin, on a fetched page. */
export interface PostingForm {
  readonly answer: HttpExchange;
  readonly form: PageForm;
  /** `any` where a field looks like a token of somebody's. */
  readonly token: TokenKind | "any" | "none";
  /** The page, or one of its meta elements, offers a token to scripts. */
  readonly isTokenInPage: boolean;
  readonly isLogin: boolean;
}

/** Frameworks whose middleware, and nothing else, sets a cookie of this name with the token it checks. */
export type TokenKind = "django" | "laravel";

interface KnownToken {
  readonly field: RegExp;
  /** Characters of the value: Django masks 32 to 64 (django/middleware/csrf.py), Laravel's has 40. */
  readonly lengths: readonly number[];
  readonly cookie: RegExp;
}

const KNOWN_TOKENS: Readonly<Record<TokenKind, KnownToken>> = {
  django: { field: /^csrfmiddlewaretoken$/, lengths: [64], cookie: /^csrftoken$/ },
  laravel: { field: /^_token$/, lengths: [40], cookie: /^XSRF-TOKEN$/ },
};
const KINDS: readonly TokenKind[] = ["django", "laravel"];

const TOKEN_NAME =
  /csrf|xsrf|authenticity[_-]?token|requestverificationtoken|antiforgery|^_?token$|nonce/i;
/** Shorter values are no secret that somebody cannot guess. */
const TOKEN_CHARACTERS_MIN = 8;

/** Every form of the fetched pages that posts to its own origin, in the pages' order. */
export function postingForms(site: HttpSite): readonly PostingForm[] {
  return answeredPages(site).flatMap((answer) => {
    const { page } = answer.body;
    if (page === undefined) return [];
    const isTokenInPage = page.metas.some(({ name = "" }) => TOKEN_NAME.test(name));
    return page.forms
      .filter((form) => form.method === "post" && isOwnOrigin(form, page, answer))
      .map((form) => ({
        answer,
        form,
        token: tokenOf(form, answer, site),
        isTokenInPage,
        isLogin: form.inputs.some(({ type }) => type === "password"),
      }));
  });
}

function isOwnOrigin({ action = "" }: PageForm, page: HttpPage, { url }: HttpExchange): boolean {
  const base = page.base === undefined ? url : (URL.parse(page.base, url)?.href ?? url);
  // Without an action the form goes to the page itself, whatever the base (HTML section 4.10.21.3).
  const target = action.trim() === "" ? new URL(url) : URL.parse(action.trim(), base);
  return target?.origin === new URL(url).origin;
}

function tokenOf({ inputs }: PageForm, answer: HttpExchange, site: HttpSite): PostingForm["token"] {
  const known = KINDS.find((kind) => {
    const { field, lengths } = KNOWN_TOKENS[kind];
    const hasField = inputs.some(
      (input) => isHidden(input) && field.test(input.name) && lengths.includes(input.valueLength),
    );
    return hasField && setsCookie(site, answer, kind);
  });
  if (known !== undefined) return known;
  const isAny = (input: PageInput) =>
    isHidden(input) && TOKEN_NAME.test(input.name) && input.valueLength >= TOKEN_CHARACTERS_MIN;
  return inputs.some(isAny) ? "any" : "none";
}

function isHidden({ type }: PageInput): boolean {
  return type === "hidden";
}

/** With the page itself: the cookie of another answer may be another view's. */
function setsCookie(site: HttpSite, { url }: HttpExchange, kind: TokenKind): boolean {
  return cookiesOf(site, "csrf").some(
    ({ name, seen }) =>
      KNOWN_TOKENS[kind].cookie.test(name) &&
      seen.some(({ answer }) => withoutQuery(answer.url) === withoutQuery(url)),
  );
}
