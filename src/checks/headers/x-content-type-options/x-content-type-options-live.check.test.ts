import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
} from "../../../core/http-site-example.ts";
import { PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersXContentTypeOptionsLive } from "./x-content-type-options-live.check.ts";

const field = (value: string): HttpField => ["X-Content-Type-Options", value];
const NOSNIFF = field("nosniff");
const good = wholeSite({ page: [NOSNIFF] });
const HTTP = "http://www.example.com/";
const plain = (fields: readonly HttpField[]): HttpSite => ({
  ...wholeSite({ page: fields }),
  url: HTTP,
  http: exampleSide(exampleAnswer(HTTP, fields)),
  https: closedSide(PAGE_URL),
});
const bareRedirect: HttpSite = {
  ...good,
  https: exampleSide(
    exampleRedirect(PAGE_URL, `${PAGE_URL}home`),
    exampleAnswer(`${PAGE_URL}home`, [NOSNIFF]),
  ),
};
const down: HttpSite = { ...good, http: closedSide(HTTP), https: closedSide(PAGE_URL) };
const failing: HttpSite = {
  ...good,
  https: exampleSide(exampleAnswer(PAGE_URL, [], { status: 502 })),
};

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["everywhere", good, "pass"],
  ["another letter case", wholeSite({ page: [field(" NoSniff ")] }), "pass"],
  ["twice, equal", wholeSite({ page: [NOSNIFF, NOSNIFF] }), "pass"],
  ["first of a list", wholeSite({ page: [field("nosniff, other")] }), "pass"],
  ["second of a list", wholeSite({ page: [field("other, nosniff")] }), "fail", "invalid"],
  ["another value", wholeSite({ page: [field("sniff")] }), "fail", "invalid"],
  ["empty", wholeSite({ page: [field("")] }), "fail", "invalid"],
  ["nowhere", wholeSite({ page: [] }), "fail", "missing"],
  ["not on the asset", wholeSite({ page: [NOSNIFF], asset: [] }), "warn", "missing"],
  ["not on the 404 page", wholeSite({ page: [NOSNIFF], missing: [] }), "warn", "missing"],
  ["not on a linked page", wholeSite({ page: [NOSNIFF], path: [] }), "fail", "missing"],
  ["not when asked again", wholeSite({ page: [NOSNIFF], again: [] }), "fail", "missing"],
  ["not on a redirect", bareRedirect, "pass"],
  ["http only, good", plain([NOSNIFF]), "pass"],
  ["http only, missing", plain([]), "fail", "missing"],
  ["no answer", down, "unknown"],
  ["502 without it", failing, "warn", "missing"],
  ["404 page not seen", silentOn(good, "errorPage"), "unknown"],
];

for (const [name, site, status, rule] of CASES) {
  test(`nosniff: ${name} is ${status}`, () => {
    const outcome = headersXContentTypeOptionsLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the places are named, the table quotes them", () => {
  const site = wholeSite({ page: [NOSNIFF], asset: [field("no")] });
  const outcome = headersXContentTypeOptionsLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.equal(
    message,
    'X-Content-Type-Options has no effect ("no" is not nosniff, browsers ignore the header) on https://www.example.com/static/app.js (200)',
  );
  assert.equal(evidence[2]?.excerpt, "200, static asset: X-Content-Type-Options: no");
});

test("states nosniff of the main page", () => {
  const [statement] = headersXContentTypeOptionsLive.states?.({ sites: [good] }, {}) ?? [];
  assert.deepEqual(statement, { layer: "live", says: "sets", value: "nosniff", where: PAGE_URL });
});
