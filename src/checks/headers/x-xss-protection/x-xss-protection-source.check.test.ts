import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersXXssProtectionSource } from "./x-xss-protection-source.check.ts";

const PROPERTY = "header.x-xss-protection";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["0", "0", "pass"],
  ["block", "1; mode=block", "pass"],
  ["1", "1", "warn", "no-block"],
  ["none", null, "warn", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`headers.x-xss-protection in source: ${name} is ${status}`, () => {
    const outcome = headersXXssProtectionSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("headers.x-xss-protection in source: the evidence is the place in source", () => {
  const outcome = headersXXssProtectionSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "1")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
