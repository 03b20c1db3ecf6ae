import assert from "node:assert/strict";
import { test } from "node:test";

import { matchPcre } from "./pcre.ts";
import { SAMPLES_MAX, sampleTexts } from "./pcre-tails.ts";

const PATTERNS: readonly (readonly [pattern: string, sample: string])[] = [
  ["\\.txt$", ".txt"],
  ["\\.(css|js)$", ".js"],
  ["^/(api|v[0-9])/", "/v0/"],
  ["^/a/.*\\.php$", ".php"],
  ["/\\.(?!well-known)", "/."],
  ["x{3}y?", "xxxy"],
  ["^/a|^/b", "/b"],
  ["[^a-z0-9]", "!"],
];

for (const [pattern, sample] of PATTERNS) {
  test(`${pattern} may be ${sample}`, () => assert.ok(sampleTexts(pattern).includes(sample)));
}

test("one of the samples of a pattern matches it", () => {
  for (const pattern of ["\\.php(/|$)", "^/[^/]+/\\d{4}/$", "(?i)\\.JPE?G$", "^(?:/a)+$"]) {
    assert.ok(sampleTexts(pattern).some((text) => matchPcre(pattern, false, text) === "match"));
  }
});

test("a pattern that cannot be evaluated has none", () => {
  assert.deepEqual(sampleTexts("(a)\\1"), []);
});

test("their number is bounded", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"].join("|");
  assert.ok(sampleTexts(letters.repeat(1)).length <= SAMPLES_MAX);
  assert.equal(sampleTexts(`${letters}|${letters.toUpperCase()}`).length, SAMPLES_MAX);
  assert.ok(sampleTexts("(a|b)".repeat(100)).length <= SAMPLES_MAX);
});
