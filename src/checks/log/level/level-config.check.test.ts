import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known } from "../../../core/reading.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import {
  applicationOf,
  environmentOf,
  servicesOf,
  UNREADABLE,
} from "../../judgement/example-facts.ts";
import { rowOf, sourceOf } from "../../sentry-settings/example-sentry.ts";
import { logLevelConfig } from "./level-config.check.ts";

function example(env: Readonly<Record<string, string>>, ...rows: readonly SourceSetting[]) {
  const readings = {
    application: known(applicationOf("fastapi")),
    source: known(sourceOf(...rows)),
    services: known({ ...servicesOf(), services: [] }),
  };
  return { facts: { environment: environmentOf(env) }, readings };
}

function judged(env: Readonly<Record<string, string>>, ...rows: readonly SourceSetting[]) {
  const { facts, readings } = example(env, ...rows);
  return logLevelConfig.evaluate(facts, readings);
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ...["WARNING", "warn", "Error", "CRITICAL"].map(
    (level) => [level, judged({ AGENTOS_LOGS_LEVEL: level }), "pass"] as const,
  ),
  ...["DEBUG", "trace", "NOTSET", "10"].map(
    (level) => [level, judged({ OCTOPUSOS_LOGS_LEVEL: level }), "fail"] as const,
  ),
  ["INFO", judged({ LOG_LEVEL: "info" }), "warn"],
  ["no level", judged({ LOG_LEVEL: "quiet" }), "warn"],
  ["unset beside other settings of logs", judged({ AGENTOS_LOGS_PERSIST: "true" }), "warn"],
  ["debug in development", judged({ AGENTOS_ENV: "dev", LOG_LEVEL: "DEBUG" }), "skip"],
  ["no setting at all", judged({}), "skip"],
  ["source's own", judged({}, rowOf("logging.level", "log.level", "DEBUG")), "fail"],
];

for (const [name, outcome, status] of cases) {
  test(`log.level/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("log.level/config: an env file that cannot be read hides the answer", () => {
  const { facts, readings } = example({});
  const environment = { ...facts.environment, ...UNREADABLE };
  assert.equal(logLevelConfig.evaluate({ environment }, readings).status, "unknown");
});

test("log.level/config: the finding quotes the key's place", () => {
  const outcome = judged({ AGENTOS_LOGS_LEVEL: "DEBUG" });
  assert.ok(outcome.status === "fail");
  const [{ rule, fix, evidence }] = outcome.findings;
  assert.equal(rule, "level-debug");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, ".env:1");
  assert.equal(
    fix,
    "Set AGENTOS_LOGS_LEVEL=WARNING in .env (line 1), then restart the application",
  );
});
