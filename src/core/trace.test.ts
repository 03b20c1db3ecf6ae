import assert from "node:assert/strict";
import { test } from "node:test";

import { type Statement, trace, type Verdict } from "./trace.ts";

const sets = (layer: Statement["layer"], value: string): Statement => ({
  layer,
  says: "sets",
  value,
  where: layer,
});
const says = (layer: Statement["layer"], what: Statement["says"]): Statement => ({
  layer,
  says: what,
  where: layer,
});

const cases: readonly [name: string, steps: readonly Statement[], verdict: Verdict][] = [
  ["one layer sets it", [sets("source", "on")], "agrees"],
  ["two layers agree", [sets("source", "on"), sets("config", "on")], "agrees"],
  ["an outer layer overrides", [sets("source", "on"), sets("config", "off")], "overridden"],
  [
    "overridden and set back is not agreement",
    [sets("source", "on"), sets("config", "off"), sets("config", "on")],
    "overridden",
  ],
  ["the proxy drops it", [sets("source", "on"), says("proxy", "drops")], "lost"],
  ["nobody sets it", [says("source", "passes-on")], "never-set"],
  ["live agrees", [sets("config", "on"), sets("live", "on")], "agrees"],
  ["live differs from the files", [sets("config", "off"), sets("live", "on")], "contradicted"],
  ["live lacks what the files set", [sets("config", "on"), says("live", "drops")], "contradicted"],
  ["live has nothing to say", [sets("config", "on"), says("live", "passes-on")], "agrees"],
  [
    "the files say nothing of it",
    [says("source", "passes-on"), sets("live", "on")],
    "contradicted",
  ],
  [
    "lost before the client and seen lost",
    [sets("source", "on"), says("proxy", "drops"), says("live", "drops")],
    "lost",
  ],
  ["a layer could not be read", [sets("source", "on"), says("proxy", "unknown")], "unknown"],
];
for (const [name, steps, verdict] of cases) {
  test(`trace: ${name} is ${verdict}`, () => assert.equal(trace(steps)?.verdict, verdict));
}

test("what was looked at from outside alone has no way through layers", () => {
  for (const step of [sets("live", "on"), says("live", "drops"), says("live", "unknown")]) {
    assert.equal(trace([step]), undefined);
  }
  assert.equal(trace([]), undefined);
});
