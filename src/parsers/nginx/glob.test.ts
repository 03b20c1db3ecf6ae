import assert from "node:assert/strict";
import { test } from "node:test";
import { isGlob, matchesGlobSegment } from "./glob.ts";

const PAIRS: readonly (readonly [pattern: string, name: string, expected: boolean])[] = [
  ["*.conf", "a.conf", true],
  ["*.conf", ".conf", false],
  ["*.conf", ".a.conf", false],
  [".*", ".a", true],
  ["*", ".a", false],
  ["*", "", true],
  ["*.conf", "a.conf~", false],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "aXcYb", false],
  ["?", "a", true],
  ["?", "é", false],
  ["??", "é", true],
  ["[ab]x", "bx", true],
  ["[!ab]x", "bx", false],
  ["[a-c]", "b", true],
  ["[]a]", "]", true],
  ["[a", "[a", true],
  ["[a-]", "-", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["a\\", "a\\", true],
  [`${"*a".repeat(50)}b`, "a".repeat(200), false],
];
for (const [pattern, name, expected] of PAIRS) {
  test(`${pattern.slice(0, 20)} on ${name.slice(0, 20)}`, () => {
    assert.equal(matchesGlobSegment(pattern, name), expected);
  });
}

test("what nginx hands to glob(3)", () => {
  assert.deepEqual(["a/*.conf", "a?", "[a]", "a.conf", "{a,b}"].map(isGlob), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
