import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePermittedCrossDomainPolicies } from "./permitted-cross-domain-policies.ts";

for (const [values, policy, rules] of [
  [["none"], "none", []],
  [[" Master-Only"], "master-only", []],
  [["all"], "all", []],
  [["nothing"], undefined, ["invalid"]],
  [["none", "all"], "none", ["repeated"]],
  [[], undefined, []],
] as const) {
  test(`X-Permitted-Cross-Domain-Policies ${JSON.stringify(values)}`, () => {
    const result = parsePermittedCrossDomainPolicies(values);
    assert.deepEqual([result.policy, result.problems.map(({ rule }) => rule)], [policy, rules]);
  });
}
