import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { cspNonceTemplatesSource } from "./nonce-templates-source.check.ts";

const made = rowOf("csp.nonce", { made: "per-answer", bytes: 16 });
const script = (nonce: string) => rowOf("template.inline-script", nonce, { file: "a.html" });
const style = (nonce: string) => rowOf("template.inline-style", nonce, { file: "a.html" });

const CASES: readonly [name: string, source: SourceSettings, status: string, rules?: string][] = [
  ["all tagged", sourceOf(made, script("filled-in"), style("filled-in")), "pass"],
  [
    "a script without",
    sourceOf(made, script("filled-in"), script("none")),
    "warn",
    "nonce-missing",
  ],
  ["a style without", sourceOf(made, style("none")), "warn", "nonce-missing"],
  [
    "written out",
    sourceOf(made, script("none"), script("literal")),
    "fail",
    "nonce-literal nonce-missing",
  ],
  [
    "only templates use one",
    sourceOf(script("filled-in"), script("none")),
    "warn",
    "nonce-missing",
  ],
  [
    "a policy names one",
    sourceOf(rowOf("header.content-security-policy", "script-src 'nonce-{NONCE}'"), script("none")),
    "warn",
    "nonce-missing",
  ],
  ["no nonce anywhere", sourceOf(script("none")), "skip"],
  ["no inline code", sourceOf(made), "skip"],
];

for (const [name, source, status, rules] of CASES) {
  test(`csp.nonce-templates in source: ${name} is ${status}`, () => {
    const outcome = cspNonceTemplatesSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    const found =
      "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(" ") : undefined;
    assert.equal(found, rules);
  });
}

test("csp.nonce-templates in source: the fix names the place and the engine's own words", () => {
  const fixes = (file: string, read: SourceSettings["read"]) => {
    const row = rowOf("template.inline-script", "none", { file });
    const outcome = cspNonceTemplatesSource.evaluate(
      { source: { ...sourceOf(made, row), read } },
      {},
    );
    return "findings" in outcome ? outcome.findings[0].fix : "";
  };
  assert.deepEqual(
    [
      fixes("a.ejs", ["express"]),
      fixes("a.hbs", []),
      fixes("a.html", ["django"]),
      fixes("a.html", []),
    ],
    [
      'Write nonce="<%= nonce %>" in <script> at a.ejs:7',
      'Write nonce="{{nonce}}" in <script> at a.hbs:7',
      'Write nonce="{{ request.csp_nonce }}" in <script> at a.html:7',
      'Write nonce="{{ csp_nonce }}" in <script> at a.html:7',
    ],
  );
});
