import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersReferrerPolicySource } from "./referrer-policy-source.check.ts";

const PROPERTY = "header.referrer-policy";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["same-origin", "same-origin", "pass"],
  ["origin", "origin", "warn", "origin"],
  ["unsafe-url", "unsafe-url", "fail", "unsafe-url"],
  ["none", null, "warn", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`headers.referrer-policy in source: ${name} is ${status}`, () => {
    const outcome = headersReferrerPolicySource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("headers.referrer-policy in source: the evidence is the place in source", () => {
  const outcome = headersReferrerPolicySource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "unsafe-url")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
