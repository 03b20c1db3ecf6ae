import assert from "node:assert/strict";
import { test } from "node:test";

import { defineCheck, notApplicable, type Outcome, overtaken, pass } from "../core/check.ts";
import type { Statement } from "../core/trace.ts";
import { evaluate } from "./evaluate.ts";
import { createGatherer } from "./gather.ts";

const SETS: Statement = { layer: "proxy", says: "sets", value: "a", where: "x:1" };
const PASSES: Statement = { layer: "proxy", says: "passes-on", where: "x:2", isSourceUnseen: true };

const cases: readonly [
  name: string,
  outcome: Outcome,
  statements: readonly Statement[],
  isTraceOnly?: true,
][] = [
  ["a judged layer states everything", pass("good"), [SETS, PASSES]],
  ["one that does not apply states what it hands on", notApplicable("not here"), [PASSES]],
  ["one that a layer further out overtakes", overtaken("replaced"), [SETS, PASSES]],
  [
    "one for the trace alone states everything",
    notApplicable("judged elsewhere"),
    [SETS, PASSES],
    true,
  ],
  [
    "one that was not wanted states nothing",
    { status: "skip", because: "switched-off", summary: "off" },
    [],
  ],
];

for (const [name, outcome, statements, isTraceOnly] of cases) {
  test(`evaluate: ${name}`, async () => {
    const check = defineCheck({
      control: {
        id: "a.b",
        title: "a",
        severity: "low",
        seed: [],
        risk: "",
        rule: "",
        fix: "",
        references: ["https://a.test"],
      },
      layer: "proxy",
      reads: "nothing",
      ...(isTraceOnly && { isTraceOnly }),
      evaluate: () => outcome,
      states: () => [SETS, PASSES],
    });
    // Neither needs nor wants: the context is never looked at.
    const gatherer = createGatherer({
      context: {} as never,
      granted: new Set(),
      preset: new Map(),
    });
    assert.deepEqual((await evaluate(check, gatherer)).statements, statements);
  });
}
