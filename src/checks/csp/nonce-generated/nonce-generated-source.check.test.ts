import assert from "node:assert/strict";
import { test } from "node:test";
import type { NonceMaking } from "../../../facts/source/policy-nonces.ts";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { cspNonceGeneratedSource } from "./nonce-generated-source.check.ts";

const nonce = (made: NonceMaking["made"], bytes: number | null) =>
  rowOf("csp.nonce", { made, bytes });
const inline = rowOf("template.inline-script", "filled-in");

const policy = (text: string | null) =>
  rowOf("header.content-security-policy", text, { framework: "flask" });

const CASES: readonly [
  name: string,
  source: ReturnType<typeof sourceOf>,
  status: string,
  rule?: string,
][] = [
  ["for each answer", sourceOf(nonce("per-answer", 16)), "pass"],
  ["of 15 bytes", sourceOf(nonce("per-answer", 15)), "pass"],
  ["of 14 bytes", sourceOf(nonce("per-answer", 14)), "warn", "nonce-short"],
  ["of a length that is not told", sourceOf(nonce("per-answer", null)), "pass"],
  [
    "by a library that is given no directive",
    sourceOf(nonce("per-answer", null), policy("script-src 'self'")),
    "skip",
  ],
  [
    "by a library in its policy",
    sourceOf(nonce("per-answer", null), policy("script-src 'nonce-x'")),
    "pass",
  ],
  ["once", sourceOf(nonce("once", 16)), "warn", "nonce-at-import"],
  ["written out", sourceOf(nonce("never", null)), "fail", "nonce-literal"],
  ["elsewhere", sourceOf(nonce("elsewhere", null)), "unknown"],
  ["used in a template only", sourceOf(inline), "unknown"],
  ["nowhere", sourceOf(), "skip"],
];

for (const [name, source, status, rule] of CASES) {
  test(`csp.nonce-generated in source: ${name} is ${status}`, () => {
    const outcome = cspNonceGeneratedSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    const [{ rule: found, evidence }] = outcome.findings;
    assert.deepEqual([found, evidence[0].file, evidence[0].line], [rule, "app.py", 7]);
  });
}
