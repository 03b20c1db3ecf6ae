import assert from "node:assert/strict";
import { test } from "node:test";

import type { HttpPage, PageScript } from "../../core/http-page.ts";
import { type HttpField, type HttpSite, PREFLIGHT_ORIGIN } from "../../core/http-site.ts";
import {
  exampleAnswer,
  exampleBody,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../core/http-site-example.ts";
import { gradeObservatory, toObservatoryReport } from "../observatory.grade.ts";
import { QUIRKS, type Quirk } from "./quirks.ts";

const PAGE = "https://www.example.com/";
const AT = { line: 1, column: 1 };

function notesOf(site: HttpSite): readonly Quirk[] {
  const outcome = gradeObservatory(site);
  assert.equal(outcome.state, "graded");
  return outcome.state === "graded" ? outcome.grade.notes.map(({ quirk }) => quirk) : [];
}

const withFields = (...fields: readonly HttpField[]) => exampleSite(fields);
const withField = (name: string) => (value: string) => withFields([name, value]);
const csp = (...policies: readonly string[]) =>
  withFields(...policies.map((policy): HttpField => ["Content-Security-Policy", policy]));
const hsts = (...values: readonly string[]) =>
  withFields(...values.map((value): HttpField => ["Strict-Transport-Security", value]));
const xfo = (...values: readonly string[]) =>
  withFields(...values.map((value): HttpField => ["X-Frame-Options", value]));
const xcto = withField("X-Content-Type-Options");
const cookie = withField("Set-Cookie");
const corp = withField("Cross-Origin-Resource-Policy");

function withPage(page: Partial<HttpPage>, fields: readonly HttpField[] = []): HttpSite {
  const answer = exampleAnswer(PAGE, fields, { body: exampleBody(page) });
  return exampleSite([], { https: exampleSide(answer) });
}
const metaCsp = (content: string, isInHead = true) =>
  withPage({ metas: [{ httpEquiv: "Content-Security-Policy", content, isInHead, at: AT }] });
const metaReferrer = (content: string) =>
  withPage({ metas: [{ name: "referrer", content, isInHead: true, at: AT }] });

const OWN = { icann: "example.com", withPrivate: "example.com" };
const OTHER = { icann: "example.org", withPrivate: "example.org" };
function script(fields: Partial<PageScript>): HttpSite {
  const { src = "" } = fields;
  const host = URL.parse(src)?.hostname ?? "";
  const site = withPage({ scripts: [{ ...fields, at: AT }] });
  const own = /(?:^|\.)example\.com$/.test(host) ? OWN : OTHER;
  return { ...site, domains: { "www.example.com": OWN, [src]: own } };
}

function typed(type: string, page: Partial<HttpPage> = {}): HttpSite {
  const answer = exampleAnswer(PAGE, [], {
    fields: [["Content-Type", type]],
    body: exampleBody(page),
  });
  return exampleSite([], { https: exampleSide(answer) });
}

function plainSide(status: number, changes: Partial<HttpSite> = {}): HttpSite {
  const answer = exampleAnswer("http://www.example.com/", [], { status });
  return exampleSite([], { http: exampleSide(answer), ...changes });
}

const REFLECTING: readonly HttpField[] = [
  ["Access-Control-Allow-Origin", PREFLIGHT_ORIGIN],
  ["Access-Control-Allow-Credentials", "true"],
];
function preflight(status: number, fields: readonly HttpField[], get: readonly HttpField[] = []) {
  const answer = exampleAnswer(PAGE, fields, { method: "OPTIONS", status });
  const foreign = { url: PAGE, answer: exampleAnswer(PAGE, get) };
  const extra = { paths: [], external: [], foreignOrigin: foreign };
  return exampleSite([], { extra: { ...extra, preflight: { url: PAGE, answer } } });
}

const ALL = "; base-uri 'none'; form-action 'none'";
const YES = { state: "yes", by: "example.com", includesSubdomains: true } as const;
const SHA384 = `sha384-${"A".repeat(64)}`;

/** What shows the quirk, and the nearest thing that does not. */
const CASES: Readonly<
  Record<Quirk, { readonly shown: readonly HttpSite[]; readonly not: readonly HttpSite[] }>
> = {
  "csp-repeated-directive": {
    shown: [csp("default-src 'self'; default-src 'none'")],
    not: [csp("default-src 'self'; report-uri /a; report-uri /b")],
  },
  "csp-short-policy": {
    shown: [csp(""), csp("default-src 'none',"), csp("abcde")],
    not: [csp("abcdef"), exampleSite()],
  },
  "csp-undecodable-source": {
    shown: [csp("img-src https://a.example/%zz", "img-src https://a.example/%zz")],
    not: [csp("img-src https://a.example/%20", "img-src https://a.example/%20")],
  },
  "csp-second-policy-directive": {
    shown: [csp("script-src 'self'", "default-src 'self'")],
    not: [csp("script-src 'self'", "script-src 'self'"), csp("script-src 'self'", "")],
  },
  "csp-merged-sources": {
    shown: [csp("script-src 'self'", "script-src https://a.example")],
    not: [csp("script-src 'self'", "script-src 'SELF'"), csp("script-src 'self' https:")],
  },
  "csp-same-prefix": {
    shown: [csp("script-src https://a.example/foo https://a.example/foobar")],
    not: [csp("script-src https://a.example/foo https://b.example/foobar")],
  },
  "csp-elem-attr": {
    shown: [csp("default-src 'none'; script-src-elem 'unsafe-inline'")],
    not: [csp("default-src 'none'; script-src 'unsafe-inline'")],
  },
  "csp-unquoted-keyword": {
    shown: [csp("default-src none"), csp("script-src self")],
    not: [csp("default-src 'none'")],
  },
  "csp-invalid-source": {
    shown: [csp("default-src 'self"), csp("default-src 'selfish'")],
    not: [csp("default-src 'self'"), csp("default-src self")],
  },
  "csp-unknown-directive": {
    shown: [csp("default-src 'none'; scripts-src 'self'")],
    not: [csp("default-src 'none'; worker-src 'self'")],
  },
  "csp-blob": {
    shown: [
      csp("script-src blob:"),
      csp("default-src 'self' blob:"),
      csp("script-src filesystem:"),
    ],
    not: [csp("default-src 'self'; worker-src blob:"), csp("default-src 'self'; img-src blob:")],
  },
  "csp-bypass-host": {
    shown: [csp(`script-src https://ajax.googleapis.com; object-src 'none'${ALL}`)],
    not: [csp(`script-src https://cdn.example.com; object-src 'none'${ALL}`)],
  },
  "csp-base-uri": {
    shown: [csp("default-src 'self'; form-action 'none'")],
    not: [csp(`default-src 'self'${ALL}`), csp("default-src 'unsafe-inline'")],
  },
  "csp-form-action": {
    shown: [csp("default-src 'self'; base-uri 'none'")],
    not: [csp(`default-src 'self'${ALL}`), csp("default-src *")],
  },
  "csp-weak-nonce": {
    shown: [csp("default-src 'none'; script-src 'nonce-abc'")],
    not: [csp("default-src 'none'; script-src 'nonce-h2OQk1vTz9W8q0pLmXr4cA'")],
  },
  "csp-meta-in-body": {
    shown: [metaCsp("default-src 'none'", false)],
    not: [metaCsp("default-src 'none'")],
  },
  "csp-open-framing": {
    shown: [
      csp("frame-ancestors *"),
      csp("frame-ancestors https:"),
      csp("frame-ancestors https://*"),
      csp("frame-ancestors *", "frame-ancestors http: https:"),
    ],
    not: [csp("frame-ancestors 'self'"), csp("frame-ancestors *", "frame-ancestors 'none'")],
  },
  "csp-meta-framing": {
    shown: [metaCsp("default-src 'self'; frame-ancestors 'none'")],
    not: [csp("default-src 'self'; frame-ancestors 'none'")],
  },
  "hsts-not-a-number": { shown: [hsts("max-age="), hsts("max-age=abc")], not: [hsts("max-age=1")] },
  "hsts-number-prefix": {
    shown: [
      hsts("max-age=31536000 includeSubDomains"),
      hsts("max-age=31536000.5"),
      hsts("max-age=+31536000"),
      hsts("max-age=-1"),
    ],
    not: [hsts("max-age= 31536000 "), hsts("max-age=31536000")],
  },
  "hsts-quoted-max-age": {
    shown: [hsts('max-age="31536000"')],
    not: [hsts("max-age='31536000'")],
  },
  "hsts-spaced-max-age": {
    shown: [hsts("max-age =31536000")],
    not: [hsts("max-age= 31536000")],
  },
  "hsts-repeated-max-age": {
    shown: [hsts("max-age=0; max-age=31536000")],
    not: [hsts("max-age=31536000; preload")],
  },
  "hsts-ignored-field": {
    shown: [hsts("max-age=31536000; includeSubDomains; includeSubDomains")],
    not: [hsts("max-age=31536000; includeSubDomains"), hsts("includeSubDomains")],
  },
  "hsts-read-otherwise": {
    // The method reads 128 characters of a directive.
    shown: [hsts(`max-age=${"0".repeat(120)}31536000`)],
    not: [hsts(`max-age=${"0".repeat(20)}31536000`), hsts("max-age=99999999999999999999")],
  },
  "hsts-repeated-field": {
    shown: [hsts("max-age=31536000", "max-age=31536000")],
    not: [hsts("max-age=31536000")],
  },
  "hsts-max-age-zero": { shown: [hsts("max-age=0")], not: [hsts("max-age=1")] },
  "hsts-ip-address": {
    shown: ["https://127.0.0.1/", "https://[::1]/"].map((url) =>
      exampleSite([], {
        https: exampleSide(exampleAnswer(url, [["Strict-Transport-Security", "max-age=31536000"]])),
      }),
    ),
    not: [hsts("max-age=31536000")],
  },
  "redirect-without-location": {
    shown: [
      exampleSite([], {
        http: {
          ...exampleSide(exampleAnswer("http://www.example.com/", [], { status: 302 })),
          end: { kind: "location-missing" },
        },
      }),
    ],
    not: [exampleSite()],
  },
  "redirect-data-url": {
    shown: [
      exampleSite([], {
        http: {
          ...exampleSide(exampleRedirect("http://www.example.com/", "data:text/html,x")),
          end: { kind: "location-scheme", location: "data:text/html,x" },
        },
      }),
    ],
    not: [exampleSite()],
  },
  "redirect-preloaded": {
    shown: [plainSide(200, { preload: YES })],
    not: [plainSide(200), exampleSite([], { preload: YES })],
  },
  "redirect-error-answer": {
    shown: [plainSide(403), plainSide(426), plainSide(500)],
    not: [plainSide(200), exampleSite()],
  },
  "referrer-meta-words": {
    shown: [metaReferrer("never"), metaReferrer("no-referrer, origin")],
    not: [metaReferrer("no-referrer")],
  },
  "cookie-dropped": {
    shown: [cookie("__Host-a=1"), cookie("a=1; Domain=other.example")],
    not: [cookie("a=1"), cookie("nameless")],
  },
  "cookie-nameless": { shown: [cookie("nameless"), cookie("=a; Secure")], not: [cookie("a=")] },
  "cookie-expired": { shown: [cookie("a=1; Max-Age=0")], not: [cookie("a=1; Max-Age=1")] },
  "cookie-session-name": {
    shown: [cookie("connect.sid=1"), cookie("assessment=1"), cookie("session_timeout=1")],
    not: [cookie("sessionid=1"), cookie("theme=1")],
  },
  "cookie-repeated-samesite": {
    shown: [cookie("a=1; SameSite=Foo; SameSite=Lax")],
    not: [cookie("a=1; SameSite=Lax")],
  },
  "xfo-repeated": {
    shown: [xfo("DENY", "deny"), xfo("SAMEORIGIN, SAMEORIGIN")],
    not: [xfo("DENY")],
  },
  "xfo-conflict": {
    shown: [xfo("DENY", "SAMEORIGIN"), xfo("DENY, foo")],
    not: [xfo("foo, bar"), xfo("DENY", "DENY")],
  },
  "xfo-allow-from": { shown: [xfo("ALLOW-FROM https://a.example")], not: [xfo("DENY")] },
  "xcto-repeated": { shown: [xcto("nosniff, foo")], not: [xcto("foo, nosniff"), xcto("nosniff")] },
  "type-spelling": {
    shown: [
      typed("Text/HTML"),
      typed("text/html ; charset=utf-8"),
      typed("TEXT/HTML", {
        metas: [{ httpEquiv: "Content-Security-Policy", content: "x-y", isInHead: true, at: AT }],
      }),
    ],
    not: [typed("text/html; charset=utf-8"), typed("text/plain")],
  },
  "sri-same-site-http": {
    shown: [script({ src: "http://cdn.example.com/a.js" })],
    not: [
      script({ src: "https://cdn.example.com/a.js" }),
      script({ src: "http://a.example/a.js" }),
    ],
  },
  "sri-same-site-host": {
    shown: [script({ src: "https://cdn.example.com/a.js" })],
    not: [
      script({ src: "https://cdn.example.com/a.js", integrity: SHA384 }),
      script({ src: "https://www.example.com/a.js" }),
    ],
  },
  "sri-protocol-relative": {
    shown: [script({ src: "//a.example/a.js" })],
    not: [script({ src: "/a" })],
  },
  "sri-odd-address": {
    shown: [
      script({ src: " https://a.example/a.js" }),
      script({ src: "HTTPS://a.example/a.js" }),
      script({ src: "///a.example/a.js" }),
      script({ src: "\\\\a.example/a.js" }),
    ],
    not: [script({ src: " /a.js" }), script({ src: "data:,x" }), script({ src: "a:b/c.js" })],
  },
  "sri-no-url": {
    shown: [script({ src: "https://" })],
    not: [script({ src: "https://a.example" })],
  },
  "sri-bogus-integrity": {
    shown: [
      script({ src: "https://a.example/a.js", integrity: "bogus" }),
      script({ src: "https://a.example/a.js", integrity: "sha384-abc" }),
      script({ src: "https://a.example/a.js", integrity: "md5-1B2M2Y8AsgTpgAmY7PhCfg==" }),
    ],
    not: [script({ src: "https://a.example/a.js", integrity: `bogus ${SHA384}` })],
  },
  "sri-svg-script": {
    shown: [script({ svgHref: "https://a.example/a.js" })],
    not: [script({ src: "https://a.example/a.js" })],
  },
  "sri-scripts-only": {
    shown: [withPage({ links: [{ rel: "stylesheet", href: "https://a.example/a.css", at: AT }] })],
    not: [withPage({ links: [{ rel: "stylesheet", href: "/a.css", at: AT }] })],
  },
  "json-page": {
    shown: [
      exampleSite([], {
        https: exampleSide(
          exampleAnswer(PAGE, [], { body: exampleBody({}, { json: "object", text: "{}" }) }),
        ),
      }),
    ],
    not: [exampleSite()],
  },
  "cors-universal": {
    shown: [preflight(204, REFLECTING)],
    not: [preflight(204, REFLECTING.slice(0, 1))],
  },
  "cors-error-status": {
    shown: [preflight(404, REFLECTING), preflight(500, REFLECTING)],
    not: [preflight(200, REFLECTING), preflight(404, [])],
  },
  "cors-get-only": {
    shown: [preflight(204, [], [["Access-Control-Allow-Origin", "*"]])],
    not: [preflight(204, []), preflight(204, REFLECTING, REFLECTING)],
  },
  "corp-spelling": { shown: [corp("Same-Origin")], not: [corp("same-origin"), corp("Foo")] },
};

for (const [quirk, { shown, not }] of Object.entries(CASES)) {
  test(`${quirk} is told where it applies, and nowhere else`, () => {
    for (const [at, site] of shown.entries()) {
      assert.ok(
        notesOf(site).some((note) => note === quirk),
        `shown, case ${at}`,
      );
    }
    for (const [at, site] of not.entries()) {
      assert.ok(!notesOf(site).some((note) => note === quirk), `not shown, case ${at}`);
    }
  });
}

test("every note says what browsers or the specification do", () => {
  for (const text of Object.values(QUIRKS)) {
    assert.match(text, /browsers|clients|an error page sends|reads otherwise/);
  }
});

test("a note stands in the report beside the test it is about", () => {
  const outcome = gradeObservatory(csp("frame-ancestors *"));
  assert.ok(outcome.state === "graded");
  const notes = toObservatoryReport(outcome.grade).parts["notes"];
  assert.ok(Array.isArray(notes));
  assert.deepEqual(notes.at(-1), {
    test: "x-frame-options",
    quirk: "csp-open-framing",
    text: QUIRKS["csp-open-framing"],
  });
});
