import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { sriStylesheetsSource } from "./stylesheets-source.check.ts";

const INTEGRITY = `sha384-${"A".repeat(64)}`;
const PROPERTY = "template.external-stylesheet";

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
  ["over http", element(null, "http://cdn.example/a.css"), "warn", "no-integrity"],
  ["nothing from elsewhere", sourceOf(), "skip"],
  ["filled in", sourceOf(rowOf(PROPERTY, null, { resolved: UNKNOWN })), "unknown"],
  [
    "a template that could not be read",
    { ...sourceOf(), problems: [{ file: "a.html", detail: "denied", code: "denied" }] },
    "unknown",
  ],
];

for (const [name, source, status, rule] of CASES) {
  test(`sri.stylesheets in source: ${name} is ${status}`, () => {
    const outcome = sriStylesheetsSource.evaluate({ source }, {});
    assert.equal(outcome.status, status);
    if (!("findings" in outcome)) return;
    const [{ rule: found, evidence }] = outcome.findings;
    assert.deepEqual([found, evidence[0].file, evidence[0].line], [rule, "a.html", 7]);
  });
}

test("sri.stylesheets in source: what differs by client is to be served from the own origin", () => {
  const source = element(null, "https://fonts.googleapis.com/css");
  const outcome = sriStylesheetsSource.evaluate({ source }, {});
  assert.ok("findings" in outcome);
  assert.match(
    outcome.findings[0].fix,
    /^Serve the style sheet and its fonts from your own origin/,
  );
});
