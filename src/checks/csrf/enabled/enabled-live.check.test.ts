import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage, PageForm, PageInput } from "../../../core/http-page.ts";
import type { HttpBody, HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { csrfEnabledLive } from "./enabled-live.check.ts";

const URL = "https://www.example.com/";
const DJANGO = "csrftoken=x; Secure; SameSite=Lax";
const LARAVEL = "XSRF-TOKEN=x; Secure; SameSite=Lax";
const SESSION = "sessionid=x; Secure; HttpOnly; SameSite=Lax";
const SENT_ALONG = "sessionid=x; Secure; HttpOnly; SameSite=None";

const hidden = (name: string, valueLength: number): PageInput => ({
  name,
  type: "hidden",
  valueLength,
});
const TOKEN = hidden("csrfmiddlewaretoken", 64);
const PASSWORD: PageInput = { name: "password", type: "password", valueLength: 0 };

function form(inputs: readonly PageInput[], changes: Partial<PageForm> = {}): PageForm {
  return { method: "post", action: "/x", inputs, at: { line: 7, column: 1 }, ...changes };
}

function siteOf(
  forms: readonly PageForm[],
  cookies: readonly string[],
  { page = {}, body = {}, site = {} }: Changes = {},
): HttpSite {
  const fields = cookies.map((value): HttpField => ["Set-Cookie", value]);
  const answer = exampleAnswer(URL, fields, { body: exampleBody({ forms, ...page }, body) });
  return exampleSite([], { https: exampleSide(answer), ...site });
}

interface Changes {
  readonly page?: Partial<HttpPage>;
  readonly body?: Partial<HttpBody>;
  readonly site?: Partial<HttpSite>;
}

const cases: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["Django's token and cookie", siteOf([form([TOKEN, PASSWORD])], [DJANGO]), "pass"],
  ["two forms with it", siteOf([form([TOKEN]), form([TOKEN])], [DJANGO, SESSION]), "pass"],
  [
    "Laravel's token and cookie",
    siteOf([form([hidden("_token", 40), PASSWORD])], [LARAVEL]),
    "pass",
  ],
  // A field of that name proves nothing: HEAD of the seed's application never set the cookie.
  ["the field without the cookie", siteOf([form([TOKEN, PASSWORD])], []), "unknown"],
  ["the cookie without the field", siteOf([form([PASSWORD])], [DJANGO]), "unknown"],
  [
    "a value that Django does not make",
    siteOf([form([hidden("csrfmiddlewaretoken", 63), PASSWORD])], [DJANGO]),
    "unknown",
  ],
  [
    "the field in sight",
    siteOf([form([{ ...TOKEN, type: "text" }, PASSWORD])], [DJANGO]),
    "unknown",
  ],
  [
    "the cookie of another page",
    siteOf([form([TOKEN, PASSWORD])], [], {
      site: {
        extra: {
          external: [],
          paths: [
            {
              url: `${URL}b`,
              why: "linked",
              answer: exampleAnswer(`${URL}b`, [["Set-Cookie", DJANGO]]),
            },
          ],
        },
      },
    }),
    "unknown",
  ],
  ["Laravel's cookie with Django's field", siteOf([form([TOKEN, PASSWORD])], [LARAVEL]), "unknown"],
  [
    "a token of somebody's",
    siteOf([form([hidden("authenticity_token", 88)])], [SESSION]),
    "unknown",
  ],
  ["no token, a session that stays at home", siteOf([form([])], [SESSION]), "unknown"],
  ["a login form without a session yet", siteOf([form([PASSWORD])], []), "unknown"],
  [
    "own fields may hold the session",
    siteOf([form([])], [], { site: { hasOwnFields: true } }),
    "unknown",
  ],
  [
    "one form of a Django site without the token",
    siteOf([form([TOKEN]), form([])], [DJANGO, SESSION]),
    "warn",
    "form-without-token",
  ],
  [
    "a form without an action is a script's",
    siteOf(
      [form([TOKEN]), { method: "post", inputs: [], at: { line: 9, column: 1 } }],
      [DJANGO, SESSION],
    ),
    "unknown",
  ],
  [
    "a token for scripts in the page",
    siteOf([form([TOKEN]), form([])], [DJANGO, SESSION], {
      page: { metas: [{ name: "csrf-token", isInHead: true, at: { line: 1, column: 1 } }] },
    }),
    "unknown",
  ],
  [
    "a session that goes along, and no token",
    siteOf([form([])], [SENT_ALONG]),
    "warn",
    "session-sent-along",
  ],
  [
    "a session that goes along, and a token",
    siteOf([form([hidden("_csrf", 36)])], [SENT_ALONG]),
    "unknown",
  ],
  ["a session that goes along, and a cookie", siteOf([form([])], [SENT_ALONG, DJANGO]), "unknown"],
  ["a session that browsers refuse", siteOf([form([])], ["sessionid=x; SameSite=None"]), "unknown"],
  [
    "a short value is no token",
    siteOf([form([hidden("_csrf", 7)])], [SENT_ALONG]),
    "warn",
    "session-sent-along",
  ],
  ["no form", siteOf([], [SESSION]), "skip"],
  ["a form that gets", siteOf([form([], { method: "get" })], [SESSION]), "skip"],
  [
    "a form for another site",
    siteOf([form([], { action: "https://pay.example/" })], [SESSION]),
    "skip",
  ],
  [
    "a base that is another site's",
    siteOf([form([])], [SESSION], { page: { base: "https://other.example/" } }),
    "skip",
  ],
  ["nobody is known", siteOf([form([])], []), "skip"],
  [
    "a page that was not read to its end",
    siteOf([form([])], [SENT_ALONG], { body: { cut: "size" } }),
    "unknown",
  ],
  [
    "more forms than are kept",
    siteOf([form([TOKEN])], [DJANGO, SESSION], { page: { cut: ["forms"] } }),
    "unknown",
  ],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rule] of cases) {
  test(`csrf.enabled/live: ${name} is ${status}`, () => {
    const outcome = csrfEnabledLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("the evidence quotes the form with its line and no query", () => {
  const site = siteOf([form([TOKEN]), form([], { action: "/buy?key=secret" })], [DJANGO, SESSION]);
  const outcome = csrfEnabledLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  const [{ message, fix, evidence }] = outcome.findings;
  assert.equal(
    message,
    `A form on ${URL} posts without the token that other forms of the site carry: its view is exempt from the check, or refuses it`,
  );
  assert.equal(
    fix,
    "Django: write {% csrf_token %} in the form, with CsrfViewMiddleware in MIDDLEWARE",
  );
  assert.deepEqual(evidence, [
    { url: URL, excerpt: '<form method="post" action="/buy">, without a token', line: 7 },
  ]);
});
