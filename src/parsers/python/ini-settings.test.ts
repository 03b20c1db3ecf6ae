import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIni } from "./ini-settings.ts";

const cases: readonly [name: string, source: string, section: string, expected: object][] = [
  ["options by section", "[a]\nK = v\n[b]\nK: w\n", "b", { K: "w" }],
  ["a section that comes again goes on", "[a]\nK=1\n[b]\n[a]\nL=2\n", "a", { K: "1", L: "2" }],
  ["nothing behind the sign", "[a]\nK =\n", "a", { K: "" }],
  ["comments", "[a]\n# K = 1\n; L = 2\n  # M = 3\nN = 4 # kept\n", "a", { N: "4 # kept" }],
  ["a value that goes on", "[a]\nK = 1\n    2\nL = 3\n", "a", { K: "1\n2", L: "3" }],
  ["carriage returns", "[a]\r\nK = v\r\n", "a", { K: "v" }],
  ["an option in front of every section is none", "K = v\n[a]\n", "a", {}],
];

for (const [name, source, section, expected] of cases)
  test(name, () => {
    assert.deepEqual(Object.fromEntries(parseIni(source).get(section) ?? new Map()), expected);
  });
