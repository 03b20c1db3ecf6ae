import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXssProtection } from "./x-xss-protection.ts";

for (const [values, filter, rules, reportUrl] of [
  [["0"], "off", []],
  [["1"], "on", []],
  [["1; mode=block"], "block", []],
  [["1 ;MODE = BLOCK;"], "block", []],
  [["0; mode=block"], "off", []],
  [["1; report=https://a.test/r"], "on", [], "https://a.test/r"],
  [["1; mode=blok"], "on", ["unknown-directive"]],
  [["2"], undefined, ["invalid"]],
  [[""], undefined, ["invalid"]],
  [["1", "0"], "on", ["repeated"]],
  [[], undefined, []],
] as const) {
  test(`X-XSS-Protection ${JSON.stringify(values)}`, () => {
    const result = parseXssProtection(values);
    assert.deepEqual(
      [result.filter, result.problems.map(({ rule }) => rule), result.reportUrl],
      [filter, rules, reportUrl],
    );
  });
}
