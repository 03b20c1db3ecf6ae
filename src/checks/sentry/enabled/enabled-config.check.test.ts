import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentryEnabledConfig } from "./enabled-config.check.ts";

const judged = (...example: Parameters<typeof sentryExample>) =>
  sentryEnabledConfig.evaluate(...sentryExample(...example));

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["on without source", judged({ SENTRY_ENABLED: "true" }, dsnOf()), "pass"],
  ["1 without source", judged({ SENTRY_ENABLED: "1" }, dsnOf()), "pass"],
  ["unset with a DSN", judged({}, dsnOf()), "warn"],
  ["off", judged({ SENTRY_ENABLED: "false" }, dsnOf()), "warn"],
  ["off without a DSN", judged({ SENTRY_ENABLED: "false" }, undefined), "warn"],
  ["neither", judged({ SENTRY_RELEASE: "a@1" }, undefined), "skip"],
  ["the call runs", judged({}, dsnOf(), rowOf("sentry.init", "sentry.enabled", true)), "pass"],
  [
    "1 where the idiom wants another word",
    judged(
      { SENTRY_ENABLED: "1" },
      dsnOf(),
      rowOf("sentry.init", "sentry.enabled", false, { variables: ["SENTRY_ENABLED"] }),
    ),
    "warn",
  ],
  ["nothing of Sentry", judged({}, undefined), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.enabled/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.enabled/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentryEnabledConfig.evaluate({ ...facts, environment }, readings);
  assert.equal(outcome.status, "unknown");
});

test("sentry.enabled/config: the message tells DSN and switch", () => {
  const outcome = judged({ SENTRY_ENABLED: "off" }, dsnOf());
  assert.ok(outcome.status === "warn");
  assert.equal(outcome.summary, 'A DSN is set, yet SENTRY_ENABLED is "off"');
  assert.equal(outcome.findings[0].evidence[0].file, ".env");
});

const call = (variables: readonly string[] = []) =>
  rowOf("sentry.init", "sentry.enabled", false, { variables });
const dsn = rowOf("sentry.dsn", "sentry.dsn", null, { variables: ["APP_SENTRY_DSN"] });
const fixes: readonly (readonly [string, ReturnType<typeof judged>, RegExp])[] = [
  ["its own switch", judged({}, dsnOf(), call(["SEND_ERRORS"])), /^Set SEND_ERRORS=true /],
  ["no switch and no DSN", judged({}, undefined, dsn, call()), /^Set APP_SENTRY_DSN=the DSN /],
  ["no switch and a DSN", judged({}, dsnOf(), call()), /^Let source call sentry_sdk\.init /],
];

for (const [name, outcome, fix] of fixes) {
  test(`sentry.enabled/config: the fix names what source reads, with ${name}`, () => {
    assert.ok(outcome.status === "warn");
    assert.match(outcome.findings[0].fix ?? "", fix);
  });
}
