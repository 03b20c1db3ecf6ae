import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpSite } from "../../../core/http-site.ts";
import { PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { hstsIncludeSubdomainsLive } from "./include-subdomains-live.check.ts";

const NAME = "Strict-Transport-Security";
const sent = (...values: readonly string[]): HttpSite =>
  wholeSite({ page: values.map((value) => [NAME, value] as const) });
const good = sent("max-age=31536000; includeSubDomains");

const CASES: readonly [name: string, site: HttpSite, status: string, rule?: string][] = [
  ["present", good, "pass"],
  ["with preload", sent("max-age=31536000; includeSubDomains; preload"), "pass"],
  ["first, in another letter case", sent("INCLUDESUBDOMAINS;max-age=1"), "pass"],
  ["absent", sent("max-age=31536000"), "fail", "missing"],
  ["misspelt", sent("max-age=31536000; includeSubDomain"), "fail", "missing"],
  ["with a value", sent("max-age=31536000; includeSubDomains=true"), "fail", "not-in-force"],
  ["behind a comma", sent("max-age=31536000, includeSubDomains"), "fail", "not-in-force"],
  ["no max-age", sent("includeSubDomains"), "fail", "not-in-force"],
  ["in the second line only", sent("max-age=1", "max-age=1; includeSubDomains"), "fail", "missing"],
  [
    "lost on the 404 page",
    wholeSite({
      page: [[NAME, "max-age=31536000; includeSubDomains"]],
      missing: [[NAME, "max-age=31536000"]],
    }),
    "fail",
    "missing",
  ],
  ["no header at all", wholeSite({ page: [] }), "skip"],
  ["asset not seen", silentOn(good, "asset"), "unknown"],
];

for (const [name, site, status, rule] of CASES) {
  test(`includeSubDomains: ${name} is ${status}`, () => {
    const outcome = hstsIncludeSubdomainsLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if (rule !== undefined) {
      assert.ok("findings" in outcome);
      assert.equal(outcome.findings[0].rule, rule);
    }
  });
}

test("the evidence quotes the header, the statement the directive", () => {
  const bad = sent("max-age=31536000");
  const outcome = hstsIncludeSubdomainsLive.evaluate({ sites: [bad] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence[0], {
    url: PAGE_URL,
    excerpt: "200, main page: Strict-Transport-Security: max-age=31536000",
  });
  assert.deepEqual(hstsIncludeSubdomainsLive.states?.({ sites: [good, bad] }, {}), [
    { layer: "live", says: "sets", value: "includeSubDomains", where: PAGE_URL },
    { layer: "live", says: "drops", where: PAGE_URL },
  ]);
});
