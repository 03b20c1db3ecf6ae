import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { cspPresentSource } from "./present-source.check.ts";

const PROPERTY = "header.content-security-policy";

const CASES: readonly [name: string, value: string | null, status: string, rule?: string][] = [
  ["whole", "default-src 'self'; base-uri 'self'; frame-ancestors 'none'", "pass"],
  ["without base-uri", "default-src 'self'; frame-ancestors 'none'", "warn", "directive-missing"],
  ["none", null, "fail", "missing"],
];

for (const [name, value, status, rule] of CASES) {
  test(`csp.present in source: ${name} is ${status}`, () => {
    const outcome = cspPresentSource.evaluate({}, sourceWanted([sourceRow(PROPERTY, value)]));
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("csp.present in source: the evidence is the place in source", () => {
  const outcome = cspPresentSource.evaluate(
    {},
    sourceWanted([sourceRow(PROPERTY, "default-src 'self'")]),
  );
  assert.ok("findings" in outcome);
  const [first] = outcome.findings[0].evidence;
  assert.deepEqual([first.file, first.line], ["web/security.py", 5]);
});
