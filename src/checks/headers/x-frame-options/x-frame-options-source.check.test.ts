import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersXFrameOptionsSource } from "./x-frame-options-source.check.ts";

const PROPERTY = "header.x-frame-options";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["DENY", "DENY", "pass"],
  ["SAMEORIGIN", "SAMEORIGIN", "warn", "same-origin"],
  ["none", null, "fail", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`headers.x-frame-options in source: ${name} is ${status}`, () => {
    const outcome = headersXFrameOptionsSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("headers.x-frame-options in source: the evidence is the place in source", () => {
  const outcome = headersXFrameOptionsSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "SAMEORIGIN")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
