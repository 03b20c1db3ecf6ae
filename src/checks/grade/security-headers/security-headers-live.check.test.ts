import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import { closedSide, exampleSite } from "../../../core/http-site-example.ts";
import { gradeSecurityHeadersLive } from "./security-headers-live.check.ts";

const FIVE: readonly HttpField[] = [
  ["Strict-Transport-Security", "max-age=31536000"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "no-referrer"],
  ["Permissions-Policy", "camera=()"],
];
const SAFE: HttpField = ["Content-Security-Policy", "default-src 'self'"];
const UNSAFE: HttpField = ["Content-Security-Policy", "script-src 'self' 'unsafe-inline'"];
const FRAMING: HttpField = [
  "Content-Security-Policy",
  "default-src 'self'; frame-ancestors 'none'",
];
const without = (name: string) => FIVE.filter(([each]) => each !== name);

const down = exampleSite([], {
  http: closedSide("http://www.example.com/"),
  https: closedSide("https://www.example.com/"),
});

const CASES: readonly [name: string, site: HttpSite, status: string, grade: string][] = [
  ["all six", exampleSite([...FIVE, SAFE]), "pass", "A+"],
  ["all six with an unsafe policy", exampleSite([...FIVE, UNSAFE]), "pass", "A"],
  ["framing by the policy", exampleSite([...without("X-Frame-Options"), FRAMING]), "pass", "A+"],
  ["five", exampleSite(FIVE), "warn", "B"],
  ["an empty field is none", exampleSite([...FIVE, ["Content-Security-Policy", ""]]), "warn", "B"],
  ["four", exampleSite(without("Referrer-Policy")), "fail", "C"],
  ["none", exampleSite(), "fail", "F"],
  ["no answer", down, "unknown", ""],
];

for (const [name, site, status, grade] of CASES) {
  test(`${name}: ${status} ${grade}`, () => {
    const outcome = gradeSecurityHeadersLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    if ("summary" in outcome)
      assert.match(outcome.summary, new RegExp(`grade (?:is )?${grade.replace("+", "\\+")}`, "i"));
  });
}

test("the finding names what is missing and what there is", () => {
  const outcome = gradeSecurityHeadersLive.evaluate({ sites: [exampleSite(FIVE)] }, {});
  assert.ok("findings" in outcome);
  assert.equal(
    outcome.findings[0].evidence[0].excerpt,
    "B, rung assumed: has Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, Referrer-Policy, Permissions-Policy; lacks Content-Security-Policy",
  );
});
