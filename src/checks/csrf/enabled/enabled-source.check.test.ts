import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceProperty, SourceSetting } from "../../../facts/source-settings.fact.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { csrfEnabledSource } from "./enabled-source.check.ts";

const ON = rowOf("csrf.enabled", true);
const of = (property: SourceProperty, value: unknown): SourceSetting => rowOf(property, value);
const exempt = (
  match: "prefix" | "exact",
  ...paths: readonly string[]
): readonly SourceSetting[] => [
  ON,
  of("csrf.exemptions", paths),
  of("csrf.exemption-match", match),
];

const cases: readonly [
  name: string,
  rows: readonly SourceSetting[],
  status: string,
  rule?: string,
][] = [
  ["registered", [ON], "pass"],
  ["registered inside the session", [ON, of("csrf.order", "inside-session")], "pass"],
  ["outside it", [ON, of("csrf.order", "outside-session")], "fail", "outside-session"],
  [
    "not registered",
    [rowOf("csrf.enabled", false, { kind: "absent", line: null })],
    "fail",
    "not-registered",
  ],
  ["switched off", [of("csrf.enabled", false)], "fail", "switched-off"],
  ["perhaps", [rowOf("csrf.enabled", true, { condition: "FLAG" })], "warn", "conditional"],
  ["cannot be told", [rowOf("csrf.enabled", null, { resolved: UNKNOWN })], "unknown"],
  ["never refuses", [ON, of("csrf.refuses", false)], "fail", "never-refuses"],
  ["compares by ==", [ON, of("csrf.comparison", "equality")], "warn", "plain-comparison"],
  ["compares in constant time", [ON, of("csrf.comparison", "constant-time")], "pass"],
  ["not bound to the session", [ON, of("csrf.bound", false)], "warn", "unbound"],
  ["all is exempt", exempt("prefix", "/"), "fail", "wildcard-exemption"],
  ["the API is exempt", exempt("prefix", "/api"), "fail", "wildcard-exemption"],
  ["the root alone is exempt", exempt("exact", "/", "/health"), "pass"],
  ["a prefix of names", exempt("prefix", "/health"), "warn", "prefix-exemption"],
  ["a directory", exempt("prefix", "/static/"), "pass"],
  ["a view is exempt", [ON, of("csrf.exempt-view", true)], "warn", "exempt-view"],
  ["no session", [], "skip"],
];

for (const [name, rows, status, rule] of cases) {
  test(`${name} is ${status}`, () => {
    const outcome = csrfEnabledSource.evaluate({ source: sourceOf(...rows) }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("exempt views are told by file, eight of them by name", () => {
  const view = (at: number, file: string) =>
    rowOf("csrf.exempt-view", true, { file, line: at, subject: `view${at}` });
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => view(at, "a.py"));
  const outcome = csrfEnabledSource.evaluate(
    { source: sourceOf(ON, ...rows, view(1, "b.py")) },
    {},
  );
  assert.ok("findings" in outcome);
  const [first, second] = outcome.findings;
  assert.match(first.message, /view7, view8 and 1 more \(a\.py:1\)$/);
  assert.match(second?.message ?? "", /: view1 \(b\.py:1\)$/);
});

test("the finding quotes the place", () => {
  const outcome = csrfEnabledSource.evaluate({ source: sourceOf(of("csrf.enabled", false)) }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence[0].file, "app.py");
  assert.match(outcome.findings[0].fix, /SessionMiddleware/);
});
