import assert from "node:assert/strict";
import { test } from "node:test";
import { booleanOf, isTruthyInPython } from "./booleans.ts";

const cases: readonly [text: string, expected: boolean | undefined][] = [
  ["1", true],
  ["TRUE", true],
  [" yes\r", true],
  ["On", true],
  ["y", true],
  ["t", true],
  ["0", false],
  ["False", false],
  ["no", false],
  ["OFF", false],
  ["n", false],
  ["f", false],
  ["", undefined],
  ["2", undefined],
  ["1 # temp", undefined],
  ["enabled", undefined],
];

for (const [text, expected] of cases) {
  test(`booleans: ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(booleanOf(text), expected);
  });
}

test("booleans: Python takes any non-empty text for true", () => {
  assert.deepEqual(["0", "False", 1, [0], { a: 1 }].map(isTruthyInPython), [
    true,
    true,
    true,
    true,
    true,
  ]);
  assert.deepEqual(["", 0, false, null, undefined, [], {}].map(isTruthyInPython), [
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});
