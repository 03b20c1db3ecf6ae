import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFrameOptions } from "./x-frame-options.ts";

// The table of the HTML standard's section on X-Frame-Options, and what servers send.
for (const [values, effective, rules] of [
  [["DENY"], "deny", []],
  [["SameOrigin"], "sameorigin", []],
  [["SAMEORIGIN, SAMEORIGIN"], "sameorigin", ["repeated"]],
  [["DENY", "DENY"], "deny", ["repeated"]],
  [["SAMEORIGIN, DENY"], "deny", ["conflict"]],
  [["SAMEORIGIN,"], "deny", ["invalid", "conflict"]],
  [["SAMEORIGIN", "ALLOWALL"], "deny", ["invalid", "conflict"]],
  [["INVALID, ALSO"], "none", ["invalid", "invalid", "conflict"]],
  [["INVALID, DENY"], "deny", ["invalid", "conflict"]],
  [["ALLOWALL"], "none", ["invalid"]],
  [['"DENY"'], "none", ["invalid"]],
  [["DENY;"], "none", ["invalid"]],
  [["ALLOW-FROM https://a.test/"], "none", ["allow-from"]],
  [[""], "none", ["invalid"]],
  [[], "none", []],
] as const) {
  test(`X-Frame-Options ${JSON.stringify(values)}`, () => {
    const result = parseFrameOptions(values);
    assert.deepEqual(
      [result.effective, result.problems.map(({ rule }) => rule)],
      [effective, rules],
    );
  });
}

test("the origin of ALLOW-FROM and the place of a problem", () => {
  const result = parseFrameOptions(["DENY", "x,  allow-from https://a.test"]);
  assert.equal(result.allowFrom, "https://a.test");
  assert.deepEqual(
    result.problems.map(({ rule, field, offset, length }) => [rule, field, offset, length]),
    [
      ["invalid", 1, 0, 1],
      ["allow-from", 1, 4, 25],
      ["conflict", 1, 0, 1],
    ],
  );
});
