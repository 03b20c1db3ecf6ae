import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { UNREADABLE } from "../../judgement/example-facts.ts";
import { dsnOf, rowOf, sentryExample } from "../../sentry-settings/example-sentry.ts";
import { sentrySampleRatesConfig } from "./sample-rates-config.check.ts";

const judged = (...example: Parameters<typeof sentryExample>) =>
  sentrySampleRatesConfig.evaluate(...sentryExample(...example));

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a tenth of both", judged(rates("0.1", "0.1"), dsnOf()), "pass"],
  ["a fifth", judged(rates("0.2", ".2"), dsnOf()), "pass"],
  ["above a fifth", judged(rates("0.21", "0.1"), dsnOf()), "warn"],
  ["all of them", judged(rates("1.0", "0.1"), dsnOf()), "warn"],
  ["none of them", judged(rates("0", "0.1"), dsnOf()), "warn"],
  ["unset", judged({ SENTRY_ENABLED: "true" }, dsnOf()), "warn"],
  ["above one", judged(rates("0.1", "1.5"), dsnOf()), "fail"],
  ["below zero", judged(rates("-0.1", "0.1"), dsnOf()), "fail"],
  ["a word", judged(rates("low", "0.1"), dsnOf()), "fail"],
  ["percent", judged(rates("10%", "0.1"), dsnOf()), "fail"],
  [
    "the program's default",
    judged(rates("0.1", "0.1"), dsnOf(), rowOf("sentry.traces_rate", "sentry.traces-rate", 1)),
    "warn",
  ],
  [
    "text that the program cannot cast",
    judged(
      rates("x", "0.1"),
      dsnOf(),
      rowOf("sentry.traces_rate", "sentry.traces-rate", undefined, {
        resolved: { state: "raises", reason: "float() refuses it" },
      }),
    ),
    "fail",
  ],
  ["switched off", judged({ SENTRY_ENABLED: "false" }, dsnOf()), "skip"],
  ["nothing of Sentry", judged({}, undefined), "skip"],
];

for (const [name, outcome, status] of cases) {
  test(`sentry.sample-rates/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("sentry.sample-rates/config: an env file that cannot be read hides the answer", () => {
  const [facts, readings] = sentryExample({}, undefined);
  const environment = { ...facts.environment, ...UNREADABLE };
  const outcome = sentrySampleRatesConfig.evaluate({ ...facts, environment }, readings);
  assert.equal(outcome.status, "unknown");
});

function rates(traces: string, profiles: string) {
  return {
    SENTRY_ENABLED: "true",
    SENTRY_TRACES_SAMPLE_RATE: traces,
    SENTRY_PROFILES_SAMPLE_RATE: profiles,
  };
}

test("sentry.sample-rates/config: each rate is told at its own place", () => {
  const outcome = judged(rates("1.0", "1.5"), dsnOf());
  assert.ok(outcome.status === "fail");
  assert.deepEqual(
    outcome.findings.map(({ rule, evidence }) => `${rule} ${evidence[0].file}:${evidence[0].line}`),
    ["rate-invalid .env:3", "rate-high .env:2"],
  );
});

test("sentry.sample-rates/config: a sampler is a note", () => {
  const sampler = rowOf("sentry.traces_sampler", "sentry.traces-rate", undefined);
  const outcome = judged(rates("0.1", "0.1"), dsnOf(), sampler);
  assert.ok(outcome.status === "pass");
  assert.deepEqual(
    outcome.notes?.map(({ rule }) => rule),
    ["traces-sampler"],
  );
});
