import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseEmbedderPolicy,
  parseOpenerPolicy,
  parseOriginAgentCluster,
  parseResourcePolicy,
} from "./cross-origin-policy.ts";

const PARSERS = {
  opener: parseOpenerPolicy,
  embedder: parseEmbedderPolicy,
  resource: parseResourcePolicy,
};

for (const [header, values, value, isSet, rules] of [
  ["opener", ["same-origin"], "same-origin", true, []],
  ["opener", [" same-origin-allow-popups "], "same-origin-allow-popups", true, []],
  ["opener", ["noopener-allow-popups"], "noopener-allow-popups", true, []],
  ["opener", ["unsafe-none"], "unsafe-none", true, []],
  ["opener", ['same-origin; report-to="coop"'], "same-origin", true, []],
  ["opener", ["Same-Origin"], "unsafe-none", false, ["invalid"]],
  ["opener", ['"same-origin"'], "unsafe-none", false, ["invalid"]],
  ["opener", ["same-origin-plus-coep"], "unsafe-none", false, ["invalid"]],
  ["opener", ["same-origin", "same-origin"], "unsafe-none", false, ["repeated"]],
  ["opener", [""], "unsafe-none", false, ["invalid"]],
  ["opener", [], "unsafe-none", false, []],
  ["embedder", ["require-corp"], "require-corp", true, []],
  ["embedder", ["credentialless; report-to=x"], "credentialless", true, []],
  ["embedder", ["same-origin"], "unsafe-none", false, ["invalid"]],
  ["resource", ["same-site"], "same-site", true, []],
  ["resource", ["same-origin"], "same-origin", true, []],
  ["resource", ["cross-origin"], "cross-origin", true, []],
  ["resource", ["Same-Origin"], "", false, ["invalid"]],
  ["resource", ["same-origin", "same-origin"], "", false, ["repeated"]],
  ["resource", ["same-origin; report-to=x"], "", false, ["invalid"]],
  ["resource", [], "", false, []],
] as const) {
  test(`cross-origin ${header} ${JSON.stringify(values)}`, () => {
    const policy = PARSERS[header](values);
    assert.deepEqual(
      [policy.value, policy.isSet, policy.problems.map(({ rule }) => rule)],
      [value, isSet, rules],
    );
  });
}

test("report-to counts as a string only", () => {
  assert.equal(parseOpenerPolicy(['same-origin;report-to="coop"']).reportTo, "coop");
  assert.equal(parseOpenerPolicy(["same-origin;report-to=coop"]).reportTo, undefined);
});

for (const [values, value, count] of [
  [["?1"], true, 0],
  [["?0"], false, 0],
  [["true"], undefined, 1],
  [["?1", "?1"], undefined, 1],
  [[], undefined, 0],
] as const) {
  test(`Origin-Agent-Cluster ${JSON.stringify(values)}`, () => {
    const result = parseOriginAgentCluster(values);
    assert.deepEqual([result.value, result.problems.length], [value, count]);
  });
}
