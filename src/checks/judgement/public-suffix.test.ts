import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicSuffix } from "./public-suffix.ts";

const cases: readonly [name: string, expected: boolean][] = [
  ["com", true],
  ["test", true],
  ["co.uk", true],
  ["CO.UK.", true],
  ["github.io", true],
  ["example.test", false],
  ["example.co.uk", false],
  ["user.github.io", false],
];

for (const [name, expected] of cases) {
  test(`public suffix: ${name} is ${expected}`, () => {
    assert.equal(isPublicSuffix(name), expected);
  });
}
