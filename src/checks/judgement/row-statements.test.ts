import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../core/reading.ts";
import type { SourceSetting } from "../../facts/source-settings.fact.ts";
import { environmentOf, variableOf } from "./example-facts.ts";
import { rowOf, sourceOf, UNKNOWN } from "./example-source.ts";
import { rowStatements, shownSwitch } from "./row-statements.ts";

const PROPERTY = "session.cookie-secure";
const READS: Partial<SourceSetting> = { variables: ["COOKIE_SECURE"], kind: "env" };
const SET = environmentOf({ COOKIE_SECURE: "0" });
const RUNNING = environmentOf({
  COOKIE_SECURE: [variableOf("COOKIE_SECURE", "0", { layer: "process", file: "/proc/7/environ" })],
});

const BOTH = environmentOf({
  COOKIE_SECURE: [
    variableOf("COOKIE_SECURE", "0", { layer: "process", file: "/proc/7/environ" }),
    variableOf("COOKIE_SECURE", "0", { layer: "service", file: "shop.service", line: 4 }),
  ],
});
const OTHER = environmentOf({
  COOKIE_SECURE: [
    variableOf("COOKIE_SECURE", "0", { layer: "process", file: "/proc/7/environ" }),
    variableOf("COOKIE_SECURE", "1", { line: 4 }),
  ],
});

const cases: readonly [
  name: string,
  row: SourceSetting,
  environment: typeof SET,
  steps: readonly string[],
][] = [
  ["a literal", rowOf(PROPERTY, true), SET, ["source sets on app.py:7"]],
  [
    "a default that a file overrides",
    rowOf(PROPERTY, false, { ...READS, default: true }),
    SET,
    ["source sets on app.py:7", "config sets off .env:1"],
  ],
  [
    "a default that the running process overrides",
    rowOf(PROPERTY, false, { ...READS, default: true }),
    RUNNING,
    ["source sets on app.py:7", "host sets off /proc/7/environ"],
  ],
  [
    "a unit, and the process that it started",
    rowOf(PROPERTY, false, { ...READS, default: true }),
    BOTH,
    ["source sets on app.py:7", "config sets off shop.service:4", "host sets off /proc/7/environ"],
  ],
  [
    "a process with another value than the file has",
    rowOf(PROPERTY, false, { ...READS, default: true }),
    OTHER,
    ["source sets on app.py:7", "host sets off /proc/7/environ"],
  ],
  [
    "the default again",
    rowOf(PROPERTY, false, { ...READS, default: false }),
    SET,
    ["source sets off app.py:7"],
  ],
  [
    "no default known",
    rowOf(PROPERTY, false, READS),
    SET,
    ["source passes-on reads COOKIE_SECURE: app.py:7", "config sets off .env:1"],
  ],
  [
    "a variable nobody sets",
    rowOf(PROPERTY, true, READS),
    environmentOf({}),
    ["source sets on app.py:7"],
  ],
  [
    "computed at run time",
    rowOf(PROPERTY, null, { resolved: UNKNOWN }),
    SET,
    ["source unknown it is only known at run time"],
  ],
];

for (const [name, row, environment, steps] of cases) {
  test(`row statements: ${name}`, () => {
    const found = rowStatements(sourceOf(row), PROPERTY, known(environment), shownSwitch);
    assert.deepEqual(
      found.map(({ layer, says, value, where }) =>
        [layer, says, value, where].filter((part) => part !== undefined).join(" "),
      ),
      steps,
    );
  });
}

test("row statements: nothing of the kind says nothing", () => {
  assert.deepEqual(rowStatements(sourceOf(), PROPERTY, known(SET), shownSwitch), []);
});
