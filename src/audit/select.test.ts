import assert from "node:assert/strict";
import { test } from "node:test";

import { type Control, defineCheck, notApplicable, type Severity } from "../core/check.ts";
import { isSelectorKnown, selectChecks } from "./select.ts";

function check(id: string, layer: "config" | "live", severity: Severity) {
  const control = { id, severity } as Control; // Selection looks at nothing else.
  return defineCheck({ control, layer, reads: "", evaluate: () => notApplicable("") });
}
const checks = [
  check("env.debug", "config", "critical"),
  check("env.debug", "live", "critical"),
  check("env.file-copies", "config", "high"),
  check("hosts.live", "live", "high"),
];
const ids = (only: string[], skip: string[]) =>
  selectChecks(checks, only, skip).selected.map(({ control, layer }) => `${control.id}/${layer}`);

const cases: readonly [only: string[], skip: string[], expected: string[]][] = [
  [[], [], ["env.debug/config", "env.debug/live", "env.file-copies/config", "hosts.live/live"]],
  [["env"], [], ["env.debug/config", "env.debug/live", "env.file-copies/config"]],
  [["env.debug/live"], [], ["env.debug/live"]],
  [["critical"], ["live"], ["env.debug/config"]],
  [["env.*"], ["env.d*g"], ["env.file-copies/config"]],
  [["*.live"], [], ["hosts.live/live"]],
  [["*"], ["high"], ["env.debug/config", "env.debug/live"]],
];
for (const [only, skip, expected] of cases) {
  test(`select: only [${only}] skip [${skip}]`, () => assert.deepEqual(ids(only, skip), expected));
}

test("select: a selector nothing answers to is told apart", () => {
  assert.equal(isSelectorKnown(checks, "enviroment"), false);
  assert.equal(isSelectorKnown(checks, "x*"), false);
  assert.equal(isSelectorKnown(checks, "proxy"), true);
});
