import assert from "node:assert/strict";
import { test } from "node:test";
import { isMinified, SCRIPT_LENGTH_MAX, syntaxTree } from "./syntax.ts";

const cases: readonly [name: string, text: string, expected: boolean][] = [
  ["a short file of one line", "x".repeat(19_999), false],
  ["a long file of one line", "x".repeat(20_000), true],
  ["lines as long as people write them", `${"x".repeat(400)}\n`.repeat(60), false],
  ["longer ones", `${"x".repeat(410)}\n`.repeat(60), true],
  ["as long as is read", "x\n".repeat(SCRIPT_LENGTH_MAX / 2), false],
  ["longer than is read", "x\n".repeat(SCRIPT_LENGTH_MAX / 2 + 1), true],
];

for (const [name, text, expected] of cases)
  test(`${name} is ${expected ? "" : "not "}minified`, () =>
    assert.equal(isMinified(text), expected));

test("generic arrows parse in TypeScript, elements in JavaScript", () => {
  assert.ok(syntaxTree("const f = <T>(x: T) => x;", "a.ts") !== undefined);
  assert.ok(syntaxTree("const f = <T x={1}>y</T>;", "a.js") !== undefined);
});
