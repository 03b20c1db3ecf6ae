import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSide, HttpSite, PreloadState } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
} from "../../../core/http-site-example.ts";
import { PAGE_URL, wholeSite } from "../../live-headers/example-answers.ts";
import { hstsPreloadLive } from "./preload-live.check.ts";

const NAME = "Strict-Transport-Security";
const FULL = "max-age=31536000; includeSubDomains; preload";
const LISTED: PreloadState = { state: "yes", by: "www.example.com", includesSubdomains: true };
const HTTP = "http://www.example.com/";
const hsts = (value: string): HttpField => [NAME, value];
const sent = (value: string, changes: Partial<HttpSite> = {}): HttpSite =>
  wholeSite({ page: [hsts(value)] }, { preload: LISTED, ...changes });
const withHttp = (http: HttpSide): HttpSite => sent(FULL, { http });
const silent: HttpSide = {
  url: HTTP,
  hops: [],
  end: { kind: "no-answer", url: HTTP, failure: { kind: "timeout", detail: "no answer" } },
};
const home = exampleAnswer(`${PAGE_URL}home`, [hsts(FULL)]);
const bareRedirect = sent(FULL, {
  https: exampleSide(exampleRedirect(PAGE_URL, home.url), home),
});
const untrusted = sent(FULL, {
  https: exampleSide(exampleAnswer(PAGE_URL, [hsts(FULL)], { certificate: { isVerified: false } })),
});

const OWN = { icann: "example.com", withPrivate: "example.com" };
const below = (value: string, preload: PreloadState): HttpSite =>
  sent(value, { preload, domains: { "www.example.com": OWN } });
const apex = (value: string): HttpSite =>
  sent(value, {
    preload: { state: "no" },
    domains: { "www.example.com": { icann: "www.example.com", withPrivate: "www.example.com" } },
  });

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["eligible and listed", sent(FULL), "pass"],
  ["http closed", withHttp(closedSide(HTTP)), "pass"],
  ["eligible, no list", sent(FULL, { preload: { state: "unknown" } }), "unknown"],
  ["eligible, not listed", sent(FULL, { preload: { state: "no" } }), "warn", "not-listed"],
  ["a second short", sent("max-age=31535999; includeSubDomains; preload"), "warn", "too-short"],
  ["no includeSubDomains", sent("max-age=31536000; preload"), "warn", "no-subdomains"],
  ["the redirect has none", bareRedirect, "warn", "no-header"],
  ["untrusted", untrusted, "warn", "untrusted"],
  ["http serves content", withHttp(exampleSide(exampleAnswer(HTTP))), "warn", "no-redirect"],
  [
    "http leads to another host",
    withHttp(exampleSide(exampleRedirect(HTTP, "https://example.com/"), home)),
    "warn",
    "no-redirect",
  ],
  ["http is silent", withHttp(silent), "unknown"],
  ["not eligible, no list", sent("max-age=1; preload", { preload: { state: "unknown" } }), "warn"],
  ["below a listed domain", below("max-age=1; preload", LISTED), "pass"],
  ["below a domain not listed", below(FULL, { state: "no" }), "warn", "not-apex"],
  ["below a domain, no list", below("max-age=1; preload", { state: "unknown" }), "unknown"],
  ["the domain itself, not listed", apex(FULL), "warn", "not-listed"],
  ["not asked for below a domain", below("max-age=1", { state: "no" }), "skip"],
  ["not asked for", sent("max-age=31536000; includeSubDomains"), "skip"],
  ["no header", wholeSite({ page: [] }), "skip"],
  ["https silent", sent(FULL, { https: { ...silent, url: PAGE_URL } }), "unknown"],
];

for (const [name, site, status, rule] of CASES) {
  test(`preload: ${name} is ${status}`, () => {
    const outcome = hstsPreloadLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the evidence shows the header, the way from http and the list", () => {
  const site = sent("max-age=31536000; preload");
  const outcome = hstsPreloadLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: PAGE_URL, excerpt: `200 ${NAME}: max-age=31536000; preload` },
    { url: HTTP, excerpt: `301 Location: ${PAGE_URL}` },
    { url: PAGE_URL, excerpt: "in the preload list by www.example.com" },
  ]);
});
