import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage } from "../../../core/http-page.ts";
import type { HttpBody, HttpExchange, HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { CSP_LENGTH_MAX } from "../../../parsers/csp/policy.ts";
import { cspPresentLive } from "./present-live.check.ts";

const URL = "https://www.example.com/";
const GOOD = "default-src 'self'; base-uri 'self'; frame-ancestors 'none'";
const at = { line: 3, column: 1 };
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const reportOnly = (value: string): HttpField => ["Content-Security-Policy-Report-Only", value];
const meta = (content: string, isInHead = true): Partial<HttpPage> => ({
  metas: [{ httpEquiv: "content-security-policy", content, isInHead, at }],
});

function siteOf(
  fields: readonly HttpField[],
  page: Partial<HttpPage> = {},
  body: Partial<HttpBody> = {},
): HttpSite {
  const answer = exampleAnswer(URL, fields, { body: exampleBody(page, body) });
  return exampleSite([], { https: exampleSide(answer) });
}

function withExtra(extra: Partial<HttpSite["extra"]>, fields: readonly HttpField[] = [csp(GOOD)]) {
  return { ...siteOf(fields), extra: { paths: [], external: [], ...extra } };
}

const asked = (answer: HttpExchange) => ({ url: answer.url, answer, why: "asked" as const });
const about = (fields: readonly HttpField[], status = 200) =>
  exampleAnswer(`${URL}about`, fields, { status });
const answering = (status: number, fields: readonly HttpField[]) =>
  exampleSite([], { https: exampleSide(exampleAnswer(URL, fields, { status })) });
const failure = { kind: "timeout", detail: "no answer in time" } as const;
const bare = { sizeBytes: 2, codings: [], sha256: "", sha384: "", sha512: "", isTextCut: false };
const json = exampleAnswer(URL, [["Content-Type", "application/json"]], { body: bare });

const http2 = (fields: readonly HttpField[], status = 200) => ({
  http2: { url: URL, answer: exampleAnswer(URL, fields, { status, protocol: "h2" }) },
});

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["all directives", siteOf([csp(GOOD)]), "pass"],
  [
    "script-src and object-src instead of default-src",
    siteOf([csp("script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'")]),
    "pass",
  ],
  ["the same over HTTP/2", withExtra(http2([csp(GOOD)])), "pass"],
  ["none over HTTP/2", withExtra(http2([])), "fail", "not-by-protocol"],
  ["over HTTP/2 only", withExtra(http2([csp(GOOD)]), []), "fail", "missing not-by-protocol"],
  ["another page over HTTP/2", withExtra(http2([], 429)), "unknown"],
  [
    "two policies together",
    siteOf([csp("default-src 'self'"), csp("base-uri 'self'; frame-ancestors 'none'")]),
    "pass",
  ],
  [
    "header and meta together",
    siteOf([csp("default-src 'self'; frame-ancestors 'none'")], meta("base-uri 'self'")),
    "pass",
  ],
  ["nothing", siteOf([]), "fail", "missing"],
  ["empty value", siteOf([csp("")]), "fail", "no-effect"],
  ["no known directive", siteOf([csp("defualt-src 'self'")]), "fail", "no-effect"],
  ["report-only", siteOf([reportOnly(GOOD)]), "warn", "report-only"],
  ["meta only", siteOf([], meta(GOOD)), "warn", "meta-only"],
  ["meta in the body", siteOf([], meta(GOOD, false)), "fail", "missing"],
  [
    "frame-ancestors in a meta element is none",
    siteOf([csp("default-src 'self'; base-uri 'self'")], meta("frame-ancestors 'none'")),
    "warn",
    "directive-missing",
  ],
  [
    "script-src alone",
    siteOf([csp("script-src 'self'; base-uri 'self'; frame-ancestors 'none'")]),
    "warn",
    "directive-missing",
  ],
  [
    "upgrade-insecure-requests alone",
    siteOf([csp("upgrade-insecure-requests")]),
    "warn",
    "directive-missing directive-missing directive-missing directive-missing",
  ],
  ["another page has none", withExtra({ paths: [asked(about([]))] }), "fail", "missing"],
  ["another page has it", withExtra({ paths: [asked(about([csp(GOOD)]))] }), "pass"],
  ["another page redirects", withExtra({ paths: [asked(about([], 302))] }), "pass"],
  ["behind a login", answering(401, [csp(GOOD)]), "pass"],
  ["forbidden", answering(403, [csp(GOOD)]), "pass"],
  ["the page is gone, so that none was seen", answering(404, [csp(GOOD)]), "unknown"],
  ["the server is broken", answering(500, [csp(GOOD)]), "unknown"],
  ["gone, and without policy", answering(404, []), "warn", "missing"],
  ["the error page has none", withExtra({ errorPage: asked(about([], 404)) }), "warn", "missing"],
  [
    "another page gave no answer",
    withExtra({ paths: [{ url: `${URL}a`, failure, why: "asked" }] }),
    "unknown",
  ],
  [
    "there only once",
    withExtra({ again: { url: URL, answer: exampleAnswer(URL) } }),
    "fail",
    "not-always",
  ],
  [
    "the second answer is an error",
    withExtra({ again: { url: URL, answer: exampleAnswer(URL, [], { status: 503 }) } }),
    "pass",
  ],
  [
    "a directive beyond what is read",
    siteOf([csp(`default-src ${"a".repeat(CSP_LENGTH_MAX)}; base-uri 'self'`)]),
    "unknown",
  ],
  ["a cut head", siteOf([], {}, { cut: "size" }), "unknown"],
  ["cut in its body", siteOf([], { anchors: ["/a"] }, { cut: "size" }), "fail", "missing"],
  ["no HTML", exampleSite([], { https: exampleSide(json) }), "skip"],
  [
    "nothing answers",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`csp.present: ${name} is ${status}`, () => {
    const outcome = cspPresentLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal(found.join(" "), rules ?? "");
  });
}

test("evidence quotes the field, its nonces by length", () => {
  const site = siteOf([csp("default-src 'nonce-c2VjcmV0LW5vbmNlLTE'; base-uri 'self'")]);
  const outcome = cspPresentLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: URL,
      excerpt: "Content-Security-Policy: default-src 'nonce-<19 characters>'; base-uri 'self'",
    },
  ]);
  assert.equal(outcome.findings[0].message, `The policy has no frame-ancestors: ${URL}`);
});

test("the live layer states the header, or that there is none", () => {
  const where = URL;
  assert.deepEqual(cspPresentLive.states?.({ sites: [siteOf([csp(GOOD)])] }, {}), [
    { layer: "live", says: "sets", value: GOOD, where },
  ]);
  assert.deepEqual(cspPresentLive.states?.({ sites: [siteOf([])] }, {}), [
    { layer: "live", says: "drops", where },
  ]);
});

test("the path that does not exist has the same name in every run", () => {
  const url = `${URL}plimsoll-0123456789abcdef`;
  const answer = exampleAnswer(url, [], { status: 404 });
  const site = withExtra({ errorPage: { url, answer } });
  const outcome = cspPresentLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].evidence[0].url, `${URL}plimsoll-*`);
});
