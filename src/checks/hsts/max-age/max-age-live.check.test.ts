import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpSite } from "../../../core/http-site.ts";
import { closedSide, exampleAnswer, exampleSide } from "../../../core/http-site-example.ts";
import { PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { hstsMaxAgeLive } from "./max-age-live.check.ts";

const NAME = "Strict-Transport-Security";
const sent = (...values: readonly string[]): HttpSite =>
  wholeSite({ page: values.map((value) => [NAME, value] as const) });
const good = sent("max-age=31536000");
const HTTP = "http://www.example.com/";
const plain: HttpSite = {
  ...good,
  url: HTTP,
  http: exampleSide(exampleAnswer(HTTP, [[NAME, "max-age=1"]])),
  https: closedSide(PAGE_URL),
};

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["a year", good, "pass"],
  ["two years and more", sent("max-age=63072000; includeSubDomains; preload"), "pass"],
  ["quoted", sent('max-age="31536000"'), "pass"],
  ["blanks and letter case", sent("MAX-AGE = 31536000"), "pass"],
  ["unknown directives beside it", sent("max-age=31536000; foo"), "pass"],
  ["a second short of a year", sent("max-age=31535999"), "warn", "too-short"],
  ["half a year", sent("max-age=15768000"), "warn", "too-short"],
  ["a second short of half a year", sent("max-age=15767999"), "fail", "too-short"],
  ["zero", sent("max-age=0"), "fail", "zero"],
  ["missing", sent("includeSubDomains"), "fail", "not-in-force"],
  ["without a value", sent("max-age="), "fail", "not-in-force"],
  ["negative", sent("max-age=-31536000"), "fail", "not-in-force"],
  ["a fraction", sent("max-age=31536000.5"), "fail", "not-in-force"],
  ["twice in one line", sent("max-age=31536000; max-age=31536000"), "fail", "not-in-force"],
  ["joined lines", sent("max-age=31536000, max-age=31536000"), "fail", "not-in-force"],
  ["a value for includeSubDomains", sent("max-age=31536000; includeSubDomains=1"), "fail"],
  ["the first line counts: good", sent("max-age=31536000", "max-age=0"), "pass"],
  ["the first line counts: bad", sent("max-age=1", "max-age=31536000"), "fail", "too-short"],
  [
    "zero on the 404 page, which browsers store as well",
    wholeSite({ page: [[NAME, "max-age=31536000"]], missing: [[NAME, "max-age=0"]] }),
    "fail",
    "zero",
  ],
  [
    "missing header on the 404 page is hsts.live's",
    wholeSite({ page: [[NAME, "max-age=31536000"]], missing: [] }),
    "pass",
  ],
  ["no header at all", wholeSite({ page: [] }), "skip"],
  ["http only", plain, "skip"],
  ["404 page not seen", silentOn(good, "errorPage"), "unknown"],
  ["404 page not seen, too short", silentOn(sent("max-age=1"), "errorPage"), "fail", "too-short"],
];

for (const [name, site, status, rule] of CASES) {
  test(`max-age: ${name} is ${status}`, () => {
    const outcome = hstsMaxAgeLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the finding tells value and place", () => {
  const outcome = hstsMaxAgeLive.evaluate({ sites: [sent("max-age=300")] }, {});
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.match(message, /^max-age is 300, less than a year, on https:\/\/www\.example\.com\/, /);
  assert.deepEqual(evidence[0], {
    url: PAGE_URL,
    excerpt: "200, main page: Strict-Transport-Security: max-age=300",
  });
});

test("states the seconds of the main page", () => {
  assert.deepEqual(hstsMaxAgeLive.states?.({ sites: [sent('max-age="60"')] }, {}), [
    { layer: "live", says: "sets", value: "60", where: PAGE_URL },
  ]);
});
