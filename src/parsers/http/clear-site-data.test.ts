import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClearSiteData } from "./clear-site-data.ts";

for (const [values, types, rules] of [
  [['"cache", "cookies", "storage"'], ["cache", "cookies", "storage"], []],
  [['"*"'], ["*"], []],
  [['"cache"', '"cache","executionContexts"'], ["cache", "executionContexts"], []],
  [["cache"], [], ["unquoted"]],
  [['"Cache", "cookies"'], ["cookies"], ["unknown-type"]],
  [['"cache'], [], ["unquoted"]],
  [[""], [], []],
] as const) {
  test(`Clear-Site-Data ${JSON.stringify(values)}`, () => {
    const result = parseClearSiteData(values);
    assert.deepEqual([result.types, result.problems.map(({ rule }) => rule)], [types, rules]);
  });
}
