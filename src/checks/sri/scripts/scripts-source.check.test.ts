import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { sriScriptsSource } from "./scripts-source.check.ts";

const INTEGRITY = `sha384-${"A".repeat(64)}`;
const PROPERTY = "template.external-script";

function element(integrity: string | null, url = "https://cdn.example/a") {
  return sourceOf(rowOf(PROPERTY, { url, integrity, crossorigin: null }, { file: "a.html" }));
}

const CASES: readonly [
  name: string,
  source: ReturnType<typeof sourceOf>,
  status: string,
  rule?: string,
][] = [
  ["whole", element(INTEGRITY), "pass"],
  ["none", element(null), "warn", "no-integrity"],
  ["malformed", element("sha384-x"), "warn", "malformed-integrity"],
  ["sha1", element("sha1-x"), "warn", "unknown-algorithm"],
  ["over http", element(null, "http://cdn.example/a.js"), "fail", "plain-without-integrity"],
  ["protocol-relative", element(null, "//cdn.example/a.js"), "fail", "plain-without-integrity"],
  ["over http with integrity", element(INTEGRITY, "http://cdn.example/a.js"), "pass"],
  ["nothing from elsewhere", sourceOf(), "skip"],
  ["filled in", sourceOf(rowOf(PROPERTY, null, { resolved: UNKNOWN })), "unknown"],
  [
    "a template that could not be read",
    { ...sourceOf(), problems: [{ file: "a.html", detail: "denied", code: "denied" }] },
    "unknown",
  ],
];

for (const [name, source, status, rule] of CASES) {
  test(`sri.scripts in source: ${name} is ${status}`, () => {
    const outcome = sriScriptsSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    const [{ rule: found, evidence }] = outcome.findings;
    assert.deepEqual([found, evidence[0].file, evidence[0].line], [rule, "a.html", 7]);
  });
}
