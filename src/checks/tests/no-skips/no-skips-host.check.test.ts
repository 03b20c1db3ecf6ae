import assert from "node:assert/strict";
import { test } from "node:test";
import { absent } from "../../../core/reading.ts";
import type { ProjectTests } from "../../../facts/project-tests.fact.ts";
import { caseOf, NOT_RUN, ranWith } from "../../project-tests/example-tests.ts";
import { sentryExample } from "../../sentry-settings/example-sentry.ts";
import { testsNoSkipsHost } from "./no-skips-host.check.ts";

const stage = (name: string | undefined) => {
  const [{ environment }] = sentryExample(name === undefined ? {} : { APP_ENV: name }, undefined);
  return { environment: { state: "known", value: environment } } as const;
};
const hsts = caseOf("skipped", ["security"], "tests.security.test_headers::test_HSTS");
const passed = caseOf("passed");

const CASES: readonly [
  name: string,
  tests: ProjectTests,
  stage: string | undefined,
  status: string,
  rule?: string,
][] = [
  ["none", ranWith([passed]), "production", "pass"],
  ["a skip", ranWith([passed, caseOf("skipped")]), "production", "fail", "tests-skipped"],
  [
    "an expected failure",
    ranWith([passed, caseOf("expected-failure")]),
    "dev",
    "fail",
    "tests-skipped",
  ],
  ["HSTS in development", ranWith([passed, hsts]), "development", "pass"],
  ["HSTS in production", ranWith([passed, hsts]), "production", "fail", "tests-skipped"],
  ["HSTS without a stage", ranWith([passed, hsts]), undefined, "fail", "tests-skipped"],
  ["deselected", ranWith([passed], { deselected: 2 }), "production", "fail", "tests-deselected"],
  ["a failure is none", ranWith([caseOf("failed")]), "production", "pass"],
  ["nothing ran", ranWith([]), "production", "unknown"],
  ["not run", NOT_RUN, "production", "unknown"],
];

for (const [name, tests, at, status, rule] of CASES) {
  test(`tests.no-skips: ${name} is ${status}`, () => {
    const outcome = testsNoSkipsHost.evaluate({ tests }, stage(at));
    assert.equal(outcome.status, status);
    if ("findings" in outcome) assert.equal(outcome.findings[0].rule, rule);
  });
}

test("tests.no-skips: without an environment no stage is taken for development", () => {
  const readings = { environment: absent("none") };
  assert.equal(
    testsNoSkipsHost.evaluate({ tests: ranWith([passed, hsts]) }, readings).status,
    "fail",
  );
});
