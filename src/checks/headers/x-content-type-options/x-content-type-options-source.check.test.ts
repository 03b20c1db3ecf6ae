import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { headersXContentTypeOptionsSource } from "./x-content-type-options-source.check.ts";

const PROPERTY = "header.x-content-type-options";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["nosniff", "nosniff", "pass"],
  ["another word", "sniff", "fail", "invalid"],
  ["none", null, "fail", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`headers.x-content-type-options in source: ${name} is ${status}`, () => {
    const outcome = headersXContentTypeOptionsSource.evaluate(
      {},
      sourceWanted([sourceRow(PROPERTY, value)]),
    );
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("headers.x-content-type-options in source: the evidence is the place in source", () => {
  const outcome = headersXContentTypeOptionsSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "sniff")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
