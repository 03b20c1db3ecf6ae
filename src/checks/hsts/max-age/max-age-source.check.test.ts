import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { hstsMaxAgeSource } from "./max-age-source.check.ts";

const PROPERTY = "header.strict-transport-security";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["a year", "max-age=31536000", "pass"],
  ["half a year", "max-age=15768000", "warn", "too-short"],
  ["a second less", "max-age=15767999", "fail", "too-short"],
  ["0", "max-age=0", "fail", "zero"],
  ["none", null, "skip"],
];

for (const [name, value, status, rule] of CASES) {
  test(`hsts.max-age in source: ${name} is ${status}`, () => {
    const outcome = hstsMaxAgeSource.evaluate({}, sourceWanted([sourceRow(PROPERTY, value)]));
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("hsts.max-age in source: the evidence is the place in source", () => {
  const outcome = hstsMaxAgeSource.evaluate({}, sourceWanted([sourceRow(PROPERTY, "max-age=1")]));
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
