import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleSite } from "../core/http-site-example.ts";
import { exampleReport } from "./example-report.ts";
import { type HttpView, renderHttpText } from "./http.report.ts";

const PARTS = {
  tests: {
    "x-frame-options": { result: "x-frame-options-implemented-via-csp", scoreModifier: 5 },
    cookies: { result: "cookies-session-without-secure-flag", scoreModifier: -40 },
    redirection: { result: "redirection-to-https", scoreModifier: 0 },
  },
  testsPassed: 11,
  testsFailed: 1,
  arithmetic: { base: 100, lost: -40, bonus: 5, isBonusCounted: false },
  notes: [{ test: "x-frame-options", quirk: "csp-open-framing", text: "browsers let anyone" }],
  next: { grade: "A+", score: 105, steps: [{ how: "set Secure", gain: 40 }] },
  isPreloadKnown: true,
};

function lines(view: Partial<HttpView> = {}, isVerbose = false): readonly string[] {
  const grade = { method: "mdn-observatory", version: "6", grade: "C+", score: 60, caps: [] };
  const site = exampleSite();
  const whole: HttpView = { site, observatory: { ...grade, parts: PARTS }, ...view };
  const text = renderHttpText(exampleReport(), [whole], { isColoured: false, isVerbose });
  return text.split("\n").map((line) => line.trim());
}

test("a grade shows its arithmetic, what cost and gave points, what browsers do and the next grade", () => {
  const shown = lines();
  const at = shown.findIndex((line) => line.startsWith("Observatory"));
  assert.deepEqual(shown.slice(at, at + 6), [
    "Observatory   C+ (60): 100 - 40 = 60; a bonus of 5 counts from 90 points on; 11 of 12 tests passed",
    "-40  cookies-session-without-secure-flag",
    "+5  x-frame-options-implemented-via-csp",
    "Note          x-frame-options: browsers let anyone",
    "Next grade    A+ (105) by the least work:",
    "+40  set Secure",
  ]);
});

test("a counted bonus is in the sum", () => {
  const parts = {
    ...PARTS,
    arithmetic: { base: 100, lost: -5, bonus: 15, isBonusCounted: true },
  };
  const grade = { method: "m", version: "6", grade: "A+", score: 110, caps: [], parts };
  assert.ok(
    lines({ observatory: grade }).includes(
      "Observatory   A+ (110): 100 - 5 + 15 = 110; 11 of 12 tests passed",
    ),
  );
});

test("tests that cost nothing are in the verbose text only", () => {
  assert.ok(!lines().some((line) => line.includes("redirection-to-https")));
  assert.ok(lines({}, true).includes("0  redirection-to-https"));
});

test("no grade says why, and no line is wider than a terminal of 100 columns", () => {
  const shown = lines({ observatory: { because: `the site answers ${"so ".repeat(60)}` } });
  assert.ok(shown.some((line) => line.startsWith("Observatory   no grade: the site answers so")));
  assert.ok(shown.every((line) => line.length <= 100 || line.includes("Fix:")));
});

test("control characters of a site are shown escaped", () => {
  const site = exampleSite([], { limits: ["a\u001b[31mb\u202ec"] });
  assert.ok(lines({ site }).includes("Limit         a\\u{1b}[31mb\\u{202e}c"));
  assert.ok(lines({ site }).every((line) => !/[\u001b\u202e]/.test(line)));
});
