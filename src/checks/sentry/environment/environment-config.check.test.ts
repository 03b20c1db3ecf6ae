import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentryEnvironmentConfig } from "./environment-config.check.ts";

const judged = (...example: Parameters<typeof sentryExample>) =>
  sentryEnvironmentConfig.evaluate(...sentryExample(...example));

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["production", judged({ SENTRY_ENVIRONMENT: "production" }, dsnOf()), "pass"],
  ["prod, in capitals", judged({ SENTRY_ENVIRONMENT: "PROD" }, dsnOf()), "pass"],
  ["unset", judged({ AGENTOS_ENV: "production" }, dsnOf()), "warn"],
  ["another", judged({ SENTRY_ENVIRONMENT: "staging" }, dsnOf()), "warn"],
  [
    "development in production",
    judged({ AGENTOS_ENV: "production", SENTRY_ENVIRONMENT: "development" }, dsnOf()),
    "warn",
  ],
  ["a development stage", judged({ SENTRY_ENVIRONMENT: "development" }, dsnOf()), "skip"],
  [
    "source's default",
    judged({}, dsnOf(), rowOf("sentry.environment", "sentry.environment", "development")),
    "warn",
  ],
  ["nothing of Sentry", judged({}, undefined), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.environment/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.environment/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentryEnvironmentConfig.evaluate({ ...facts, environment }, readings);
  assert.equal(outcome.status, "unknown");
});

test("sentry.environment/config: a finding quotes the value's place", () => {
  const outcome = judged({ AGENTOS_ENV: "prod", SENTRY_ENVIRONMENT: "test" }, dsnOf());
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "environment-other");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:2");
});

test("sentry.environment/config: the fix names the variable that source reads", () => {
  const row = rowOf("sentry.environment", "sentry.environment", null, {
    variables: ["APP_SENTRY_ENVIRONMENT"],
  });
  const outcome = judged({}, dsnOf(), row);
  assert.ok(outcome.status === "warn");
  assert.match(outcome.findings[0].fix ?? "", /^Set APP_SENTRY_ENVIRONMENT=production /);
});
