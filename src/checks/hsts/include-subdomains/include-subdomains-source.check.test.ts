import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { hstsIncludeSubdomainsSource } from "./include-subdomains-source.check.ts";

const PROPERTY = "header.strict-transport-security";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["there", "max-age=1; includesubdomains", "pass"],
  ["not there", "max-age=1", "fail", "missing"],
  ["none", null, "skip"],
];

for (const [name, value, status, rule] of CASES) {
  test(`hsts.include-subdomains in source: ${name} is ${status}`, () => {
    const outcome = hstsIncludeSubdomainsSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("hsts.include-subdomains in source: the evidence is the place in source", () => {
  const outcome = hstsIncludeSubdomainsSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "max-age=1")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
