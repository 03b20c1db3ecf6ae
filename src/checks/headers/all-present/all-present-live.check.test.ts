import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
} from "../../../core/http-site-example.ts";
import { assetAnswer, PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersAllPresentLive } from "./all-present-live.check.ts";

const HSTS: HttpField = ["Strict-Transport-Security", "max-age=31536000"];
const CSP: HttpField = ["Content-Security-Policy", "default-src 'self'"];
const DENY: HttpField = ["X-Frame-Options", "DENY"];
const NOSNIFF: HttpField = ["X-Content-Type-Options", "nosniff"];
const REFERRER: HttpField = ["Referrer-Policy", "no-referrer"];
const ALL = [HSTS, CSP, DENY, NOSNIFF, REFERRER];
const good = wholeSite({ page: ALL });

function without(gone: HttpField, ...instead: readonly HttpField[]): readonly HttpField[] {
  return [...ALL.filter((field) => field !== gone), ...instead];
}
const pageWithout = (gone: HttpField, ...instead: readonly HttpField[]): HttpSite =>
  wholeSite({ page: without(gone, ...instead) });
const at = { line: 1, column: 1 };
const metaOnly = (isInHead: boolean): HttpSite => {
  const meta = { httpEquiv: "Content-Security-Policy", content: "default-src 'self'", at };
  const body = exampleBody({ metas: [{ ...meta, isInHead }] });
  return {
    ...good,
    https: exampleSide(exampleAnswer(PAGE_URL, without(CSP), { body })),
  };
};
const HTTP = "http://www.example.com/";
const plain = (fields: readonly HttpField[]): HttpSite => {
  const answer = exampleAnswer(HTTP, fields);
  return {
    ...good,
    url: HTTP,
    http: exampleSide(answer),
    https: closedSide(PAGE_URL),
    extra: { paths: [], external: [], errorPage: { url: HTTP, answer } },
  };
};
const api = (fields: readonly HttpField[]): HttpSite => ({
  ...good,
  https: exampleSide(assetAnswer(fields)),
  extra: {
    paths: [],
    external: [],
    errorPage: { url: PAGE_URL, answer: { ...assetAnswer(fields), status: 404 } },
  },
});

const CASES: readonly [name: string, site: HttpSite, status: string, subject?: string][] = [
  ["all five", good, "pass"],
  [
    "frame-ancestors for DENY",
    pageWithout(DENY, ["Content-Security-Policy", "frame-ancestors 'self'"]),
    "pass",
  ],
  [
    "SAMEORIGIN does not fail its own control",
    pageWithout(DENY, ["X-Frame-Options", "SAMEORIGIN"]),
    "pass",
  ],
  [
    "origin does not fail its own control",
    pageWithout(REFERRER, ["Referrer-Policy", "origin"]),
    "pass",
  ],
  ["no CSP", pageWithout(CSP), "fail", "content-security-policy"],
  [
    "CSP report-only",
    pageWithout(CSP, ["Content-Security-Policy-Report-Only", "default-src 'self'"]),
    "fail",
    "content-security-policy",
  ],
  [
    "CSP of any script",
    pageWithout(CSP, ["Content-Security-Policy", "default-src 'self'; script-src *"]),
    "fail",
    "content-security-policy",
  ],
  [
    "CSP of scripts in URLs",
    pageWithout(CSP, ["Content-Security-Policy", "default-src 'self' data:"]),
    "fail",
    "content-security-policy",
  ],
  [
    "CSP with a warning of its own control",
    pageWithout(CSP, ["Content-Security-Policy", "default-src 'self' 'unsafe-eval'"]),
    "pass",
  ],
  [
    "any script by one policy, not by the other",
    pageWithout(
      CSP,
      ["Content-Security-Policy", "script-src *"],
      ["Content-Security-Policy", "script-src 'self'"],
    ),
    "pass",
  ],
  ["CSP empty", pageWithout(CSP, ["Content-Security-Policy", " ; "]), "fail"],
  ["no X-Frame-Options", pageWithout(DENY), "fail", "x-frame-options"],
  ["ALLOW-FROM", pageWithout(DENY, ["X-Frame-Options", "ALLOW-FROM https://a.example"]), "fail"],
  ["no nosniff", pageWithout(NOSNIFF), "fail", "x-content-type-options"],
  ["no Referrer-Policy", pageWithout(REFERRER), "fail", "referrer-policy"],
  ["unsafe-url", pageWithout(REFERRER, ["Referrer-Policy", "unsafe-url"]), "fail"],
  ["no HSTS", pageWithout(HSTS), "fail", "strict-transport-security"],
  ["HSTS of zero", pageWithout(HSTS, ["Strict-Transport-Security", "max-age=0"]), "fail"],
  ["none", wholeSite({ page: [] }), "fail", "content-security-policy"],
  ["lost on a linked page", wholeSite({ page: ALL, path: without(CSP) }), "fail"],
  ["nosniff lost on the asset", wholeSite({ page: ALL, asset: [HSTS] }), "warn"],
  ["HSTS lost on the 404 page", wholeSite({ page: ALL, missing: [NOSNIFF] }), "warn"],
  ["the asset needs no more than two", wholeSite({ page: ALL, asset: [HSTS, NOSNIFF] }), "pass"],
  ["the 404 page neither", wholeSite({ page: ALL, missing: [HSTS, NOSNIFF] }), "pass"],
  ["http needs no HSTS", plain(without(HSTS)), "pass"],
  ["http without CSP", plain(without(CSP)), "fail"],
  ["an interface without HTML", api([HSTS, NOSNIFF]), "pass"],
  ["404 page not seen", silentOn(good, "errorPage"), "unknown"],
  ["no answer", { ...good, http: closedSide(HTTP), https: closedSide(PAGE_URL) }, "unknown"],
  ["CSP by meta element", metaOnly(true), "pass"],
  ["CSP by meta element in the body", metaOnly(false), "fail"],
];

for (const [name, site, status, subject] of CASES) {
  test(`all headers: ${name} is ${status}`, () => {
    const outcome = headersAllPresentLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (subject !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].subject, `${site.url} ${subject}`);
    }
  });
}

test("an interface without nosniff is told, in the table too", () => {
  const outcome = headersAllPresentLive.evaluate({ sites: [api([HSTS])] }, {});
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings.length, 1);
  assert.equal(
    outcome.findings[0].evidence[0].excerpt,
    "200, main page: sent: Strict-Transport-Security",
  );
});
