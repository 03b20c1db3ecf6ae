import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { rowOf } from "../../judgement/example-source.ts";
import { sourceRow, sourceWanted } from "../../source-headers/example-source.ts";
import { cspPolicySource } from "./policy-source.check.ts";

const TAIL = "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
const cdn = rowOf("template.external-script", {
  url: "https://cdn.example/a.js",
  integrity: null,
  crossorigin: null,
});

const judged = (value: string | null, ...templates: readonly SourceSetting[]) =>
  cspPolicySource.evaluate(
    {},
    sourceWanted([sourceRow("header.content-security-policy", value), ...templates]),
  );

const CASES: readonly [name: string, ReturnType<typeof judged>, status: string, rules?: string][] =
  [
    ["tight", judged(`default-src 'self'; ${TAIL}`), "pass"],
    ["any script", judged(`default-src 'self'; script-src *; ${TAIL}`), "fail", "any-host"],
    [
      "data scripts",
      judged(`default-src 'self'; script-src data:; ${TAIL}`),
      "fail",
      "data-source",
    ],
    ["eval", judged(`default-src 'self' 'unsafe-eval'; ${TAIL}`), "warn", "eval"],
    [
      "what a template loads is blocked",
      judged(`default-src 'self'; ${TAIL}`, cdn),
      "warn",
      "page-blocked",
    ],
    [
      "what a template loads is allowed",
      judged(`default-src 'self'; script-src https://cdn.example; ${TAIL}`, cdn),
      "pass",
    ],
    ["no policy", judged(null), "skip"],
  ];

for (const [name, outcome, status, rules] of CASES) {
  test(`csp.policy in source: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
    const found =
      "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(" ") : undefined;
    assert.equal(found, rules);
  });
}

test("csp.policy in source: a blocked element is told at its place", () => {
  const outcome = judged(`default-src 'self'; ${TAIL}`, cdn);
  assert.ok("findings" in outcome);
  const [{ message, evidence }] = outcome.findings;
  assert.match(message, /https:\/\/cdn\.example, app\.py:7/);
  assert.deepEqual([evidence[0].file, evidence[0].line], ["web/security.py", 5]);
});
