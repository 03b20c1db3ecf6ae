import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import { closedSide, exampleSide } from "../../../core/http-site-example.ts";
import { CSP_LENGTH_MAX } from "../../../parsers/csp/policy.ts";
import { assetAnswer, PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersXFrameOptionsLive } from "./x-frame-options-live.check.ts";

const xfo = (value: string): HttpField => ["X-Frame-Options", value];
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const DENY = xfo("DENY");
const page = (...fields: readonly HttpField[]): HttpSite => wholeSite({ page: fields });
const reportOnly: HttpField = ["Content-Security-Policy-Report-Only", "frame-ancestors 'none'"];
const at = { line: 1, column: 1 };
const inMeta = page();
const metaPolicy = {
  httpEquiv: "Content-Security-Policy",
  content: "frame-ancestors 'none'",
  isInHead: true,
  at,
};
for (const { body } of inMeta.https.hops) {
  if (body.page !== undefined) Object.assign(body.page, { metas: [metaPolicy] });
}
const noHtml: HttpSite = {
  ...page(),
  https: exampleSide(assetAnswer([])),
  extra: { paths: [], external: [], errorPage: { url: PAGE_URL, answer: assetAnswer([]) } },
};
const padding = "x".repeat(CSP_LENGTH_MAX);

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["DENY", page(DENY), "pass"],
  ["deny", page(xfo(" deny ")), "pass"],
  ["DENY twice", page(DENY, DENY), "pass"],
  ["DENY, DENY in one line", page(xfo("DENY, DENY")), "pass"],
  ["frame-ancestors 'none' alone", page(csp("frame-ancestors 'none'")), "pass"],
  ["frame-ancestors without sources", page(csp("frame-ancestors")), "pass"],
  ["SAMEORIGIN", page(xfo("SAMEORIGIN")), "warn", "same-origin"],
  ["frame-ancestors 'self'", page(csp("frame-ancestors 'self'")), "warn", "same-origin"],
  ["'self' beats DENY", page(DENY, csp("frame-ancestors 'self'")), "warn", "same-origin"],
  ["named origins", page(csp("frame-ancestors https://a.example")), "warn", "other-origins"],
  ["anyone by *", page(csp("frame-ancestors *")), "fail", "anyone"],
  ["anyone by https:", page(csp("frame-ancestors 'self' https:")), "fail", "anyone"],
  ["anyone by https://*", page(csp("frame-ancestors https://*")), "fail", "anyone"],
  ["* beats DENY", page(DENY, csp("frame-ancestors *")), "fail", "anyone"],
  [
    "the tighter of two policies holds",
    page(csp("frame-ancestors *"), csp("frame-ancestors 'none'")),
    "pass",
  ],
  ["two policies in one line", page(csp("frame-ancestors 'none', frame-ancestors https:")), "pass"],
  ["report-only is no protection", page(reportOnly), "fail", "missing"],
  ["a meta element is none", inMeta, "fail", "missing"],
  ["neither", page(csp("default-src 'none'")), "fail", "missing"],
  ["ALLOW-FROM", page(xfo("ALLOW-FROM https://a.example")), "fail", "allow-from"],
  ["different values", page(DENY, xfo("SAMEORIGIN")), "fail", "conflict"],
  ["different values in one line", page(xfo("DENY, SAMEORIGIN")), "fail", "conflict"],
  ["invalid", page(xfo("DENYED")), "fail", "invalid"],
  ["empty", page(xfo("")), "fail", "invalid"],
  [
    "invalid beside frame-ancestors 'none'",
    page(xfo("ALLOWALL"), csp("frame-ancestors 'none'")),
    "warn",
    "invalid",
  ],
  ["lost on the 404 page", wholeSite({ page: [DENY], missing: [] }), "warn", "missing"],
  ["lost on a linked page", wholeSite({ page: [DENY], path: [] }), "fail", "missing"],
  ["lost when asked again", wholeSite({ page: [DENY], again: [] }), "fail", "missing"],
  ["an asset needs none", wholeSite({ page: [DENY], asset: [] }), "pass"],
  ["no HTML", noHtml, "skip"],
  ["404 page not seen", silentOn(page(DENY), "errorPage"), "unknown"],
  ["policy longer than is read", page(DENY, csp(`default-src ${padding}`)), "unknown"],
  [
    "no answer",
    { ...page(DENY), http: closedSide("http://www.example.com/"), https: closedSide(PAGE_URL) },
    "unknown",
  ],
];

for (const [name, site, status, rule] of CASES) {
  test(`X-Frame-Options: ${name} is ${status}`, () => {
    const outcome = headersXFrameOptionsLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the evidence quotes header and directive", () => {
  const site = page(DENY, csp("default-src 'none'; frame-ancestors 'self' https://a.example; x"));
  const outcome = headersXFrameOptionsLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence[0], {
    url: PAGE_URL,
    excerpt:
      "200, main page: X-Frame-Options: DENY; Content-Security-Policy: frame-ancestors 'self' https://a.example",
  });
});

test("a pass notes what stands in and what is doubled", () => {
  const summaryOf = (site: HttpSite) => {
    const outcome = headersXFrameOptionsLive.evaluate({ sites: [site] }, {});
    return "summary" in outcome ? outcome.summary : "";
  };
  assert.match(summaryOf(page(csp("frame-ancestors 'none'"))), /stands in for X-Frame-Options/);
  assert.match(summaryOf(page(DENY, DENY)), /sent twice with the same value/);
});

test("states the values of the main page", () => {
  const [statement] = headersXFrameOptionsLive.states?.({ sites: [page(xfo("deny"))] }, {}) ?? [];
  assert.deepEqual(statement, { layer: "live", says: "sets", value: "DENY", where: PAGE_URL });
});
