import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentryDsnConfig } from "./dsn-config.check.ts";

const judged = (...example: Parameters<typeof sentryExample>) =>
  sentryDsnConfig.evaluate(...sentryExample(...example));

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a sound DSN", judged({}, dsnOf()), "pass"],
  ["empty", judged({}, dsnOf({ isEmpty: true, isWellFormed: false })), "warn"],
  ["only other keys of Sentry", judged({ SENTRY_ENABLED: "true" }, undefined), "warn"],
  [
    "only the SDK in the dependencies",
    judged({}, undefined, rowOf("sentry.sdk", undefined, true)),
    "warn",
  ],
  ["the sample's", judged({}, dsnOf({ isPlaceholder: true })), "fail"],
  ["no project", judged({}, dsnOf({ isWellFormed: false, project: "" })), "fail"],
  ["http", judged({}, dsnOf({ isHttps: false })), "fail"],
  ["a secret part", judged({}, dsnOf({ hasSecretPart: true })), "fail"],
  ["source's own", judged({}, undefined, rowOf("sentry.dsn", "sentry.dsn", dsnOf())), "pass"],
  [
    "source's own over http",
    judged({}, undefined, rowOf("sentry.dsn", "sentry.dsn", dsnOf({ isHttps: false }))),
    "fail",
  ],
  [
    "source's own, which cannot be told",
    judged({}, undefined, {
      ...rowOf("sentry.dsn", "sentry.dsn", null),
      resolved: { state: "unknown", reason: "it comes from elsewhere" },
    }),
    "unknown",
  ],
  ["nothing of Sentry", judged({}, undefined), "skip"],
  [
    "source that calls it nowhere",
    judged({}, undefined, rowOf("sentry.init", "sentry.enabled", false, { kind: "absent" })),
    "skip",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.dsn/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.dsn/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentryDsnConfig.evaluate({ ...facts, environment }, readings);
  assert.equal(outcome.status, "unknown");
});

test("sentry.dsn/config: a finding names the key's place and what to set", () => {
  const outcome = judged({}, dsnOf({ isPlaceholder: true }));
  assert.ok(outcome.status === "fail");
  const [{ rule, message, fix, evidence }] = outcome.findings;
  assert.equal(rule, "dsn-placeholder");
  assert.equal(message, "SENTRY_DSN is a placeholder");
  assert.equal(
    fix,
    "Set SENTRY_DSN=the DSN of the project's Client Keys page in .env (line 1), then run: systemctl restart monitor",
  );
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:9");
});
