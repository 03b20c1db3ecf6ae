import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import type { MonitoringTool } from "../../../facts/monitoring-tools.fact.ts";
import { environmentOf } from "../../judgement/example-facts.ts";
import { monitorToolingConfig } from "./tooling-config.check.ts";

const TRACKER: MonitoringTool = {
  collects: "errors",
  name: "Sentry",
  sign: "SENTRY_DSN is set",
  file: ".env",
  line: 3,
};
const METRICS: MonitoringTool = {
  collects: "measures",
  name: "prometheus",
  sign: "image prom/prometheus:v3",
};

const judged = (tools: readonly MonitoringTool[], stage = "production") =>
  monitorToolingConfig.evaluate(
    { tools },
    { environment: known(environmentOf({ APP_ENV: stage })) },
  );

const cases: readonly (readonly [string, ReturnType<typeof judged>, string])[] = [
  ["both", judged([TRACKER, METRICS]), "pass"],
  ["a tracker alone", judged([TRACKER]), "unknown"],
  ["metrics alone", judged([METRICS]), "unknown"],
  ["nothing found", judged([]), "skip"],
  ["development", judged([TRACKER], "dev"), "skip"],
];
for (const [name, outcome, status] of cases) {
  test(`monitor.tooling/config: ${name} is ${status}`, () => assert.equal(outcome.status, status));
}

test("monitor.tooling/config: the evidence is the place of the signs", () => {
  const outcome = judged([TRACKER, METRICS]);
  assert.ok(outcome.status === "pass");
  assert.deepEqual(outcome.evidence, [
    { file: ".env", line: 3, excerpt: "Sentry: SENTRY_DSN is set" },
    { excerpt: "prometheus: image prom/prometheus:v3" },
  ]);
});
