import assert from "node:assert/strict";
import { test } from "node:test";
import { INSTRUCTIONS_MAX, matchPcre, STEPS_MAX } from "./pcre.ts";
import { GROUP_DEPTH_MAX, PATTERN_BYTES_MAX } from "./pcre-parse.ts";

/* What PCRE2 says to some 50,000 pairs is in test/integration/nginx-pcre.test.ts. */
const PAIRS: readonly (readonly [pattern: string, subject: string, expected: string])[] = [
  ["\\.php$", "/a.php", "match"],
  ["\\.php$", "/a.php\n", "match"],
  ["\\.php\\z", "/a.php\n", "no"],
  ["^/a.b$", "/a\nb", "no"],
  ["(?s)^/a.b$", "/a\nb", "match"],
  ["(?m)^b$", "a\nb\nc", "match"],
  ["/\\.(?!well-known/)", "/.env", "match"],
  ["/\\.(?!well-known/)", "/.well-known/x", "no"],
  ["(?<!x)y", "xy", "no"],
  ["(a+)+$", "a".repeat(5_000), "match"],
  ["^(a+)+$", `${"a".repeat(5_000)}!`, "no"],
  ["^(\\w+\\s?)*$", `${"word ".repeat(500)}!`, "no"],
  ["(a)\\1", "aa", "undecidable"],
  ["(?>a)", "a", "undecidable"],
  ["a++", "a", "undecidable"],
  ["a**", "a", "undecidable"],
  ["(", "a", "undecidable"],
  [")", "a", "undecidable"],
  ["[", "a", "undecidable"],
  ["[b-a]", "a", "undecidable"],
  ["*", "a", "undecidable"],
  ["\\", "a", "undecidable"],
  ["(*UTF8)a", "a", "undecidable"],
  ["(?R)", "a", "undecidable"],
  ["\\p{L}", "a", "undecidable"],
];
for (const [pattern, subject, expected] of PAIRS) {
  test(`${pattern} on ${subject.slice(0, 20)}`, () => {
    assert.equal(matchPcre(pattern, false, subject), expected);
  });
}

test("limits: length, depth, instructions, steps", () => {
  assert.equal(matchPcre("a".repeat(PATTERN_BYTES_MAX), false, ""), "no");
  assert.equal(matchPcre("a".repeat(PATTERN_BYTES_MAX + 1), false, ""), "undecidable");
  const nested = (depth: number): string => `${"(".repeat(depth)}a${")".repeat(depth)}`;
  assert.equal(matchPcre(nested(GROUP_DEPTH_MAX), false, "a"), "match");
  assert.equal(matchPcre(nested(GROUP_DEPTH_MAX + 1), false, "a"), "undecidable");
  assert.equal(matchPcre(`a{${INSTRUCTIONS_MAX / 2}}`, false, "a"), "no");
  assert.equal(matchPcre(`a{${INSTRUCTIONS_MAX / 2 + 1}}`, false, "a"), "undecidable");
  assert.equal(matchPcre("((a{1000}){1000}){1000}", false, "a"), "undecidable");
  assert.equal(matchPcre("(((){9999}){9999}){9999}", false, "a"), "undecidable");
  const everywhere = "(?=.*(?=.*(?=.*(?=.*x))))";
  assert.equal(matchPcre(everywhere, false, "a".repeat(20)), "no");
  assert.equal(matchPcre(everywhere, false, "a".repeat(STEPS_MAX / 100)), "undecidable");
});

test("limits: what several matches may take together", () => {
  const budget = { left: 1_000 };
  assert.equal(matchPcre("^a", false, "abc", budget), "match");
  assert.ok(budget.left < 1_000 && budget.left > 900);
  assert.equal(matchPcre("b.*x", false, "ab".repeat(1_000), budget), "undecidable");
  assert.equal(matchPcre("^a", false, "abc", budget), "undecidable");
});
