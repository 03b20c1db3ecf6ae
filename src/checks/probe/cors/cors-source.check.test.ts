import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { NO_ENVIRONMENT, rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { probeCorsSource } from "./cors-source.check.ts";

const origins = (...list: readonly string[]): SourceSetting => rowOf("cors.origins", list);
const pattern = (text: string): SourceSetting => rowOf("cors.origin-regex", text);
const ON = rowOf("cors.credentials", true);
const OFF = rowOf("cors.credentials", false);

const cases: readonly [
  name: string,
  rows: readonly SourceSetting[],
  status: string,
  rule?: string,
][] = [
  ["a list", [origins("https://a.test"), ON], "pass"],
  ["no origin", [origins(), OFF], "pass"],
  ["any with credentials", [origins("*"), ON], "fail", "any-origin-with-credentials"],
  ["any without", [origins("*"), OFF], "warn", "any-origin"],
  ["any, and no word of credentials", [origins("*")], "warn", "any-origin"],
  [
    "null with credentials",
    [origins("https://a.test", "null"), ON],
    "fail",
    "any-origin-with-credentials",
  ],
  [
    "any, credentials that cannot be told",
    [origins("*"), rowOf("cors.credentials", null, { resolved: UNKNOWN })],
    "fail",
    "any-origin-with-credentials",
  ],
  [
    "each with its own credentials",
    [origins("https://a.test"), ON, origins("*"), OFF],
    "warn",
    "any-origin",
  ],
  ["any, and credentials nowhere", [origins("*")], "warn", "any-origin"],
  [
    "any on one path, credentials on another",
    [
      rowOf("cors.origins", "*", { subject: "/script.js" }),
      rowOf("cors.origins", "https://a.test", { subject: "/api" }),
      rowOf("cors.credentials", true, { subject: "/api" }),
    ],
    "warn",
    "any-origin",
  ],
  [
    "any on a path with credentials",
    [
      rowOf("cors.origins", "https://a.test", { subject: "/script.js" }),
      rowOf("cors.origins", "*", { subject: "/api" }),
      rowOf("cors.credentials", true, { subject: "/api" }),
    ],
    "fail",
    "any-origin-with-credentials",
  ],
  ["a pattern with both ends", [origins(), pattern("https://\\w+\\.a\\.test"), ON], "pass"],
  [
    "an open pattern",
    [origins(), pattern("https://.*"), ON],
    "fail",
    "any-origin-with-credentials",
  ],
  [
    "origins that cannot be told",
    [rowOf("cors.origins", null, { resolved: UNKNOWN }), ON],
    "unknown",
  ],
  ["no middleware", [], "skip"],
];

for (const [name, rows, status, rule] of cases) {
  test(`${name} is ${status}`, () => {
    const outcome = probeCorsSource.evaluate({ source: sourceOf(...rows) }, NO_ENVIRONMENT);
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("one list that two paths share is one finding", () => {
  const rows = ["/a", "/b"].map((subject) => rowOf("cors.origins", "*", { subject }));
  const outcome = probeCorsSource.evaluate({ source: sourceOf(...rows) }, NO_ENVIRONMENT);
  assert.equal("findings" in outcome ? outcome.findings.length : 0, 1);
});

test("the finding quotes both places", () => {
  const outcome = probeCorsSource.evaluate({ source: sourceOf(origins("*"), ON) }, NO_ENVIRONMENT);
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings[0].evidence.map(({ file, line }) => `${file}:${line}`),
    ["app.py:7", "app.py:7"],
  );
});
