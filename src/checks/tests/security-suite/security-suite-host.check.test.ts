import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectTests } from "../../../facts/project-tests.fact.ts";
import { caseOf, NOT_RUN, ranWith } from "../../project-tests/example-tests.ts";
import { testsSecuritySuiteHost } from "./security-suite-host.check.ts";

const CASES: readonly [name: string, tests: ProjectTests, status: string, rules?: string][] = [
  ["all passed", ranWith([caseOf("passed"), caseOf("passed")]), "pass"],
  ["one failed", ranWith([caseOf("passed"), caseOf("failed")]), "fail", "tests-failed"],
  ["one erred", ranWith([caseOf("error")]), "fail", "tests-failed"],
  ["one was skipped", ranWith([caseOf("passed"), caseOf("skipped")]), "pass"],
  ["nothing collected", ranWith([], { exit: 5 }), "fail", "tests-none-ran"],
  ["nothing ran, exit 0", ranWith([]), "fail", "tests-none-ran"],
  ["no report", ranWith([], { exit: 3, isCrashed: true }), "fail", "tests-crashed"],
  ["a part of a report", ranWith([caseOf("passed")], { isCrashed: true }), "fail", "tests-crashed"],
  ["exit 1 without a failure", ranWith([caseOf("passed")], { exit: 1 }), "fail", "tests-crashed"],
  ["no end", ranWith([], { exit: null, isTimedOut: true }), "fail", "tests-timed-out"],
  ["not run", NOT_RUN, "unknown"],
];

for (const [name, tests, status, rules] of CASES) {
  test(`tests.security-suite: ${name} is ${status}`, () => {
    const outcome = testsSecuritySuiteHost.evaluate({ tests }, {});
    assert.equal(outcome.status, status);
    const found =
      "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(" ") : undefined;
    assert.equal(found, rules);
  });
}

test("tests.security-suite: unless they are run, the command is told", () => {
  const outcome = testsSecuritySuiteHost.evaluate({ tests: NOT_RUN }, {});
  assert.ok(outcome.status === "unknown");
  assert.match(
    outcome.problem.detail,
    /--run-tests, or by hand: python3 -m pytest tests\/security$/,
  );
});
