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
import { logRotationConfig } from "./rotation-config.check.ts";

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
  return logRotationConfig.evaluate(facts, readings);
}

const handler = rowOf("logging.handler", "log.file", "/var/log/app.log");
const logrotate = (path: string) =>
  rowOf("logging.logrotate", "log.rotation", [path], { file: "deploy/logrotate", line: 1 });

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["a size", judged({ AGENTOS_LOGS_MAX_SIZE: "10000" }), "pass"],
  ["zero", judged({ AGENTOS_LOGS_MAX_SIZE: "0" }), "warn"],
  ["a word", judged({ AGENTOS_LOGS_MAX_SIZE: "10k" }), "warn"],
  ["persisting without a size", judged({ AGENTOS_LOGS_PERSIST: "true" }), "warn"],
  ["no files", judged({ AGENTOS_LOGS_PERSIST: "false" }), "skip"],
  ["a plain file handler", judged({}, handler), "warn"],
  [
    "a rotating one",
    judged({}, handler, rowOf("logging.rotation", "log.rotation", "/var/log/app.log")),
    "pass",
  ],
  [
    "a rotating one elsewhere",
    judged({}, handler, rowOf("logging.rotation", "log.rotation", "a", { line: 9 })),
    "warn",
  ],
  ["logrotate of its path", judged({}, handler, logrotate("/var/log/*.log")), "pass"],
  ["logrotate of another path", judged({}, handler, logrotate("/var/log/other.log")), "warn"],
  ["logrotate of another directory", judged({}, handler, logrotate("/srv/*.log")), "warn"],
];

for (const [name, outcome, status] of cases) {
  test(`log.rotation/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("log.rotation/config: an env file that cannot be read hides the answer", () => {
  const { facts, readings } = example({});
  const environment = { ...facts.environment, ...UNREADABLE };
  assert.equal(logRotationConfig.evaluate({ environment }, readings).status, "unknown");
});

test("log.rotation/config: the handler is quoted", () => {
  const outcome = judged({}, handler);
  assert.ok(outcome.status === "warn");
  const [{ rule, evidence }] = outcome.findings;
  assert.equal(rule, "no-rotation");
  assert.equal(`${evidence[0].file}:${evidence[0].line}`, "web/sentry.py:3");
});
