import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentTypeOptions } from "./x-content-type-options.ts";

for (const [values, nosniff, rules] of [
  [["nosniff"], true, []],
  [[" NoSniff "], true, []],
  [["nosniff", "nosniff"], true, ["repeated"]],
  [["nosniff, x"], true, ["repeated"]],
  [["x, nosniff"], false, ["invalid", "repeated"]],
  [["nosniff;"], false, ["invalid"]],
  [['"nosniff"'], false, ["invalid"]],
  [[""], false, ["invalid"]],
  [[], false, []],
] as const) {
  test(`X-Content-Type-Options ${JSON.stringify(values)}`, () => {
    const result = parseContentTypeOptions(values);
    assert.deepEqual([result.nosniff, result.problems.map(({ rule }) => rule)], [nosniff, rules]);
  });
}
