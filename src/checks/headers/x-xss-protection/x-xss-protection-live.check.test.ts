import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import { exampleSide } from "../../../core/http-site-example.ts";
import { CSP_LENGTH_MAX } from "../../../parsers/csp/policy.ts";
import { assetAnswer, PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersXXssProtectionLive } from "./x-xss-protection-live.check.ts";

const field = (value: string): HttpField => ["X-XSS-Protection", value];
const csp = (value: string): HttpField => ["Content-Security-Policy", value];
const page = (...fields: readonly HttpField[]): HttpSite => wholeSite({ page: fields });
const noHtml: HttpSite = {
  ...page(),
  https: exampleSide(assetAnswer([])),
  extra: { paths: [], external: [], errorPage: { url: PAGE_URL, answer: assetAnswer([]) } },
};

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["the seed's", page(field("1; mode=block")), "pass"],
  ["the seed's without blanks", page(field("1;MODE=BLOCK")), "pass"],
  ["today's", page(field("0")), "pass"],
  ["absent with a strict policy", page(csp("default-src 'self'")), "pass"],
  ["absent with a nonce", page(csp("script-src 'nonce-abcdefgh' 'unsafe-inline'")), "pass"],
  ["absent with 'unsafe-inline'", page(csp("script-src 'unsafe-inline'")), "warn", "missing"],
  ["absent with a policy not on scripts", page(csp("frame-ancestors 'none'")), "warn", "missing"],
  ["absent", page(), "warn", "missing"],
  ["1 alone", page(field("1")), "warn", "no-block"],
  ["1 with report", page(field("1; report=/r")), "warn", "report"],
  ["block and report", page(field("1; mode=block; report=/r")), "warn", "report"],
  ["malformed", page(field("yes")), "warn", "invalid"],
  ["absent on the 404 page", wholeSite({ page: [field("0")], missing: [] }), "warn", "missing"],
  ["an asset needs none", wholeSite({ page: [field("0")], asset: [] }), "pass"],
  ["no HTML", noHtml, "skip"],
  ["404 page not seen", silentOn(page(field("0")), "errorPage"), "unknown"],
  [
    "policy longer than is read",
    page(field("0"), csp(`script-src ${"x".repeat(CSP_LENGTH_MAX)}`)),
    "unknown",
  ],
];

for (const [name, site, status, rule] of CASES) {
  test(`X-XSS-Protection: ${name} is ${status}`, () => {
    const outcome = headersXXssProtectionLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the evidence quotes the header, the statement is in canonical form", () => {
  const site = page(field("1"));
  const outcome = headersXXssProtectionLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence[0], {
    url: PAGE_URL,
    excerpt: "200, main page: X-XSS-Protection: 1",
  });
  const stated = headersXXssProtectionLive.states?.({ sites: [page(field("1;mode = block"))] }, {});
  assert.deepEqual(stated, [
    { layer: "live", says: "sets", value: "1; mode=block", where: PAGE_URL },
  ]);
});
