import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { sriCrossoriginSource } from "./crossorigin-source.check.ts";

function element(integrity: string | null, crossorigin: string | null) {
  const value = { url: "https://cdn.example/a.js", integrity, crossorigin };
  return sourceOf(rowOf("template.external-script", value, { file: "a.html" }));
}

const CASES: readonly [
  name: string,
  source: ReturnType<typeof sourceOf>,
  status: string,
  rule?: string,
][] = [
  ["anonymous", element("sha384-x", "anonymous"), "pass"],
  ["empty", element("sha384-x", ""), "pass"],
  ["missing", element("sha384-x", null), "warn", "crossorigin-missing"],
  ["with credentials", element("sha384-x", "Use-Credentials"), "warn", "with-credentials"],
  ["without integrity", element(null, null), "skip"],
];

for (const [name, source, status, rule] of CASES) {
  test(`sri.crossorigin in source: ${name} is ${status}`, () => {
    const outcome = sriCrossoriginSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    const [{ rule: found, evidence }] = outcome.findings;
    assert.deepEqual([found, evidence[0].file, evidence[0].line], [rule, "a.html", 7]);
  });
}
