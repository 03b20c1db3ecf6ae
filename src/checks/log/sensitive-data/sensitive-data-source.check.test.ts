import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { logSensitiveDataSource } from "./sensitive-data-source.check.ts";

const row = rowOf("log.sensitive", "csrf_token");
const unread = { file: "a.py", detail: "denied", code: "denied" } as const;

const CASES: readonly [name: string, source: SourceSettings, status: string][] = [
  ["a token", sourceOf(row), "warn"],
  ["nothing", sourceOf(), "pass"],
  ["nothing, and a file that could not be read", { ...sourceOf(), problems: [unread] }, "unknown"],
  [
    "a token beside a file that could not be read",
    { ...sourceOf(row), problems: [unread] },
    "warn",
  ],
  ["no application", { ...sourceOf(), read: [] }, "skip"],
];

for (const [name, source, status] of CASES) {
  test(`log.sensitive-data in source: ${name} is ${status}`, () => {
    const outcome = logSensitiveDataSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    const [{ rule, evidence }] = outcome.findings;
    assert.deepEqual([rule, evidence[0].file, evidence[0].line], ["secret-logged", "app.py", 7]);
  });
}
