import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMetaReferrer, parseReferrerPolicy } from "./referrer-policy.ts";

for (const [values, policy, rules] of [
  [["no-referrer"], "no-referrer", []],
  [["Strict-Origin"], "strict-origin", []],
  [["no-referrer, strict-origin-when-cross-origin"], "strict-origin-when-cross-origin", []],
  [
    ["strict-origin-when-cross-origin, brand-new"],
    "strict-origin-when-cross-origin",
    ["unknown-policy"],
  ],
  [["unsafe-url", "same-origin"], "same-origin", []],
  [["no-referer"], undefined, ["unknown-policy", "no-policy"]],
  [["strict-origin no-referrer"], undefined, ["unknown-policy", "no-policy"]],
  [["'no-referrer'"], undefined, ["unknown-policy", "no-policy"]],
  [[""], undefined, ["no-policy"]],
  [[], undefined, []],
] as const) {
  test(`Referrer-Policy ${JSON.stringify(values)}`, () => {
    const result = parseReferrerPolicy(values);
    assert.equal(result.effective?.policy, policy);
    assert.deepEqual(
      result.problems.map(({ rule }) => rule),
      rules,
    );
  });
}

test("the place of the word that counts", () => {
  const { effective } = parseReferrerPolicy(["no-referrer,  origin "]);
  assert.deepEqual(effective, { policy: "origin", field: 0, offset: 14, length: 6 });
});

for (const [content, policy] of [
  ["never", "no-referrer"],
  [" Always ", "unsafe-url"],
  ["default", "strict-origin-when-cross-origin"],
  ["origin", "origin"],
  ["no-referrer, origin", undefined],
  ["constructor", undefined],
] as const) {
  test(`meta referrer ${content}`, () => assert.equal(parseMetaReferrer(content), policy));
}
