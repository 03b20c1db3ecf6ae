import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectTests } from "../../../facts/project-tests.fact.ts";
import { caseOf, NOT_RUN, ranWith } from "../../project-tests/example-tests.ts";
import { testsCsrfHost } from "./csrf-host.check.ts";

const own = (outcome: Parameters<typeof caseOf>[0]) => caseOf(outcome, ["security", "csrf"]);

const CASES: readonly [name: string, tests: ProjectTests, status: string, rule?: string][] = [
  ["all passed", ranWith([own("passed"), caseOf("passed")]), "pass"],
  ["another one failed", ranWith([own("passed"), caseOf("failed")]), "pass"],
  ["one failed", ranWith([own("passed"), own("failed")]), "fail", "tests-failed"],
  ["none ran", ranWith([caseOf("passed")]), "fail", "tests-none-ran"],
  ["only skipped", ranWith([own("skipped")]), "fail", "tests-none-ran"],
  ["not run", NOT_RUN, "unknown"],
];

for (const [name, tests, status, rule] of CASES) {
  test(`tests.csrf: ${name} is ${status}`, () => {
    const outcome = testsCsrfHost.evaluate({ tests }, {});
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}
