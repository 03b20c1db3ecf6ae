import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { gradeObservatoryLive } from "./observatory-live.check.ts";

const HSTS: HttpField = ["Strict-Transport-Security", "max-age=31536000"];
const CSP: HttpField = ["Content-Security-Policy", "default-src 'self'"];
const NOSNIFF: HttpField = ["X-Content-Type-Options", "nosniff"];
const DENY: HttpField = ["X-Frame-Options", "DENY"];

const down = exampleSite([], {
  http: closedSide("http://www.example.com/"),
  https: closedSide("https://www.example.com/"),
});
const failing = exampleSite([], {
  https: exampleSide(exampleAnswer("https://www.example.com/", [], { status: 500 })),
});
const plain = exampleSite([], {
  url: "http://www.example.com/",
  http: exampleSide(exampleAnswer("http://www.example.com/")),
  https: closedSide("https://www.example.com/"),
});

const CASES: readonly [name: string, site: HttpSite, status: string][] = [
  ["105 points", exampleSite([HSTS, CSP, NOSNIFF, DENY]), "pass"],
  ["95 points with the bonus", exampleSite([HSTS, CSP, DENY]), "pass"],
  ["80 points", exampleSite([HSTS, CSP, NOSNIFF]), "warn"],
  ["75 points", exampleSite([HSTS, CSP]), "warn"],
  ["30 points", exampleSite(), "fail"],
  ["no answer", down, "unknown"],
  ["an error", failing, "unknown"],
  ["no https and none asked for", plain, "skip"],
];

for (const [name, site, status] of CASES) {
  test(`${name} is ${status}`, () => {
    assert.equal(gradeObservatoryLive.evaluate({ sites: [site] }, {}).status, status);
  });
}

test("the finding shows the sum and the least work to the next grade", () => {
  const outcome = gradeObservatoryLive.evaluate({ sites: [exampleSite([HSTS, CSP, NOSNIFF])] }, {});
  assert.ok("findings" in outcome);
  const [finding] = outcome.findings;
  assert.equal(finding.message, "The score of https://www.example.com/ is 80, B+");
  assert.equal(
    finding.evidence[0].excerpt,
    "B+ (algorithm 6): 100 - 20 (bonus of 5 not counted) = 80; x-frame-options-not-implemented -20",
  );
  assert.equal(finding.fix, "For A+ (110): send X-Frame-Options: DENY or SAMEORIGIN, once (+25)");
});
