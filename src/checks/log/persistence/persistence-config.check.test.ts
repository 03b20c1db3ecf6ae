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
import { logPersistenceConfig } from "./persistence-config.check.ts";

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
  return logPersistenceConfig.evaluate(facts, readings);
}

const cases: readonly (readonly [string, ReturnType<typeof judged>, Status])[] = [
  ["on", judged({ AGENTOS_LOGS_PERSIST: "true" }), "pass"],
  ["on, by the other prefix", judged({ OCTOPUSOS_LOGS_PERSIST: "1" }), "pass"],
  ["off", judged({ AGENTOS_LOGS_PERSIST: "false" }), "warn"],
  ["unset", judged({}), "warn"],
  ["a file handler", judged({}, rowOf("logging.handler", "log.file", "/var/log/app.log")), "pass"],
  [
    "a file handler in /tmp",
    judged({}, rowOf("logging.handler", "log.file", "/tmp/app.log")),
    "warn",
  ],
  [
    "a handler that writes to syslog",
    judged({}, rowOf("logging.handler", "log.remote", "logging.handlers.SysLogHandler")),
    "pass",
  ],
  [
    "a unit's journal",
    logPersistenceConfig.evaluate(example({}).facts, {
      ...example({}).readings,
      services: known(servicesOf()),
    }),
    "unknown",
  ],
  [
    "no application",
    logPersistenceConfig.evaluate(example({}).facts, {
      ...example({}).readings,
      application: known(applicationOf()),
    }),
    "skip",
  ],
];

for (const [name, outcome, status] of cases) {
  test(`log.persistence/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("log.persistence/config: an env file that cannot be read hides the answer", () => {
  const { facts, readings } = example({});
  const environment = { ...facts.environment, ...UNREADABLE };
  assert.equal(logPersistenceConfig.evaluate({ environment }, readings).status, "unknown");
});

test("log.persistence/config: the finding quotes the switch", () => {
  const outcome = judged({ AGENTOS_LOGS_PERSIST: "off" });
  assert.ok(outcome.status === "warn");
  assert.equal(outcome.findings[0].rule, "persistence-off");
  assert.equal(outcome.findings[0].evidence[0].line, 1);
});
