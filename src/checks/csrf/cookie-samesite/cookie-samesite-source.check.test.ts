import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_ENVIRONMENT, rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { csrfCookieSamesiteSource } from "./cookie-samesite-source.check.ts";

const PROPERTY = "csrf.cookie-samesite";

const cases: readonly [name: string, value: unknown, status: string, rule?: string][] = [
  ["off", null, "warn", "samesite-missing"],
  ["strict", "strict", "pass"],
  ["lax", "lax", "warn", "samesite-lax"],
  ["none", "none", "fail", "samesite-none"],
  ["no such value", "tight", "warn", "samesite-invalid"],
  ["true, which is strict to Express", true, "pass"],
];

for (const [name, value, status, rule] of cases) {
  test(`${name} is ${status}`, () => {
    const source = sourceOf(rowOf(PROPERTY, value));
    const outcome = csrfCookieSamesiteSource.evaluate({ source }, NO_ENVIRONMENT);
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("nothing of the kind does not apply, unless a file could not be read", () => {
  assert.equal(
    csrfCookieSamesiteSource.evaluate({ source: sourceOf() }, NO_ENVIRONMENT).status,
    "skip",
  );
  const problems = [{ file: "app.py", detail: "permission denied", code: "denied" as const }];
  const source = { ...sourceOf(), problems };
  assert.equal(csrfCookieSamesiteSource.evaluate({ source }, NO_ENVIRONMENT).status, "unknown");
});

test("a value that cannot be told is unknown, and a bad one beside it counts", () => {
  const open = rowOf(PROPERTY, null, { resolved: UNKNOWN });
  assert.equal(
    csrfCookieSamesiteSource.evaluate({ source: sourceOf(open) }, NO_ENVIRONMENT).status,
    "unknown",
  );
  const bad = cases.find(([, , , rule]) => rule !== undefined);
  assert.ok(bad !== undefined);
  const source = sourceOf(open, rowOf(PROPERTY, bad[1]));
  assert.equal(csrfCookieSamesiteSource.evaluate({ source }, NO_ENVIRONMENT).status, bad[2]);
});

test("the evidence quotes the place and the chain, the fix the variable", () => {
  const bad = cases.find(([, , , rule]) => rule !== undefined);
  const row = rowOf(PROPERTY, bad?.[1], { variables: ["COOKIE"], kind: "env" });
  const outcome = csrfCookieSamesiteSource.evaluate({ source: sourceOf(row) }, NO_ENVIRONMENT);
  assert.ok("findings" in outcome);
  const [finding] = outcome.findings;
  assert.deepEqual(finding.evidence, [{ file: "app.py", line: 7, column: 3, excerpt: row.chain }]);
  assert.match(finding.fix, /at app\.py:7, or set COOKIE so that/);
});
