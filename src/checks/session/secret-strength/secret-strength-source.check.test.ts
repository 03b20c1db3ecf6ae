import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import type { Resolved } from "../../../facts/app-settings.fact.ts";
import { environmentOf, NO_SUBJECT, STRONG } from "../../judgement/example-facts.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { sessionSecretStrengthSource } from "./secret-strength-source.check.ts";

const ALONE = { environment: known(environmentOf({ KEY: STRONG })), services: NO_SUBJECT };

function keyOf(secret: Partial<SecretMeasure>): Resolved {
  return { state: "known", secret: { ...STRONG, ...secret }, from: "env" };
}

const cases: readonly [name: string, resolved: Resolved, status: string, rule?: string][] = [
  ["strong", keyOf({}), "pass"],
  ["43 characters", keyOf({ length: 43 }), "pass"],
  ["42 characters", keyOf({ length: 42 }), "warn", "short"],
  ["32 characters", keyOf({ length: 32 }), "warn", "short"],
  ["31 characters", keyOf({ length: 31 }), "fail", "too-short"],
  ["128 bits", keyOf({ effectiveBits: 128 }), "pass"],
  ["127 bits", keyOf({ effectiveBits: 127 }), "fail", "low-entropy"],
  ["placeholder", keyOf({ isPlaceholder: true }), "fail", "placeholder"],
  ["not expanded", keyOf({ isUnexpanded: true }), "fail", "unexpanded"],
  ["typed", keyOf({ wordShare: 0.9 }), "warn", "looks-typed"],
  ["empty", keyOf({ length: 0 }), "fail", "empty"],
  ["none", { state: "known", value: null, from: "default" }, "fail", "missing"],
  ["raises", { state: "raises", reason: "KeyError: KEY is not set" }, "fail", "missing"],
  ["unknown", UNKNOWN, "unknown"],
];

for (const [name, resolved, status, rule] of cases) {
  test(`${name} is ${status}`, () => {
    const row = rowOf("session.secret", null, { resolved, variables: ["KEY"], kind: "env" });
    const outcome = sessionSecretStrengthSource.evaluate({ source: sourceOf(row) }, ALONE);
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("the same value under another name fails and names it", () => {
  const environment = known(environmentOf({ KEY: STRONG, OTHER_SECRET: STRONG }));
  const row = rowOf("session.secret", null, { resolved: keyOf({}), variables: ["KEY"] });
  const outcome = sessionSecretStrengthSource.evaluate(
    { source: sourceOf(row) },
    { ...ALONE, environment },
  );
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings[0].rule, "reused");
  assert.match(outcome.findings[0].message, /OTHER_SECRET/);
  assert.match(outcome.findings[0].fix, /^Set KEY in \.env \(line 1\) to the output of: python3/);
  assert.deepEqual(outcome.findings[0].evidence[0].file, "app.py");
});

test("no session does not apply", () => {
  const outcome = sessionSecretStrengthSource.evaluate({ source: sourceOf() }, ALONE);
  assert.equal(outcome.status, "skip");
});
