import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentryReleaseConfig } from "./release-config.check.ts";

const judged = (...example: Parameters<typeof sentryExample>) =>
  sentryReleaseConfig.evaluate(...sentryExample(...example));

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a release", judged({ SENTRY_RELEASE: "web@1a2b3c4" }, dsnOf()), "pass"],
  ["unset", judged({}, dsnOf()), "warn"],
  ["empty", judged({ SENTRY_RELEASE: "" }, dsnOf()), "warn"],
  ["unexpanded", judged({ SENTRY_RELEASE: "web@$(git rev-parse HEAD)" }, dsnOf()), "warn"],
  ["backticks", judged({ SENTRY_RELEASE: "web@`git rev-parse HEAD`" }, dsnOf()), "warn"],
  ["source's own", judged({}, dsnOf(), rowOf("sentry.release", "sentry.release", "web@2")), "pass"],
  [
    "source, not told",
    judged({}, dsnOf(), rowOf("sentry.release", "sentry.release", undefined)),
    "unknown",
  ],
  ["nothing of Sentry", judged({}, undefined), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.release/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.release/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentryReleaseConfig.evaluate({ ...facts, environment }, readings);
  assert.equal(outcome.status, "unknown");
});

test("sentry.release/config: a shell expression is quoted at its place", () => {
  const outcome = judged({ SENTRY_RELEASE: "web@$(git rev-parse HEAD)" }, dsnOf());
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "release-unexpanded");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:1");
});
