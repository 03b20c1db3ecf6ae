import assert from "node:assert/strict";
import { test } from "node:test";
import { capturePcre } from "./pcre-capture.ts";

/* What PCRE2 captures in random patterns is in test/integration/nginx-captures.test.ts. */
const ROWS: readonly (readonly [
  pattern: string,
  subject: string,
  groups: readonly (string | undefined)[] | string,
])[] = [
  ["^/(.*)$", "/a/b", ["/a/b", "a/b"]],
  ["(a+?)(a*)", "aaa", ["aaa", "a", "aa"]],
  ["(a+)(a*)", "aaa", ["aaa", "aaa", ""]],
  ["(a|ab)(c|bcd)?", "abcd", ["abcd", "a", "bcd"]],
  ["(ab|a)(c|bcd)?", "abcd", ["abc", "ab", "c"]],
  ["x(y)?z", "xz", ["xz", undefined]],
  ["(x)|(y)", "y", ["y", undefined, "y"]],
  ["(?:(a)|b)+", "ab", ["ab", "a"]],
  ["(a|b)+", "ab", ["ab", "b"]],
  ["(?<n>b)(?P<m>c)", "abc", ["bc", "b", "c"]],
  ["(a){2,3}", "aaaa", ["aaa", "a"]],
  ["(a){2,3}?", "aaaa", ["aa", "a"]],
  ["(?i)(AB)", "xab", ["ab", "ab"]],
  ["é(.*)", "café!", ["é!", "!"]],
  ["b", "abc", ["b"]],
  ["(q)", "abc", "no"],
  ["(a)\\1", "aa", "undecidable"],
  ["(a*)*", "aa", "open"],
  ["(a*)+b", "aab", "open"],
  ["((?:a*)+)?a", "aa", "open"],
  ["((?:a*){1,2})a", "aa", ["aa", "a"]],
  ["(?=(a))a", "a", "open"],
  ["(?=a)(a)", "a", ["a", "a"]],
  ["(a*)", "aa", ["aa", "aa"]],
];
for (const [pattern, subject, expected] of ROWS) {
  test(`${pattern} on ${subject}`, () => {
    const found = capturePcre(pattern, false, subject);
    assert.deepEqual(found.state === "match" ? (found.groups ?? "open") : found.state, expected);
  });
}

test("names of groups, and work that is left", () => {
  const found = capturePcre("(x)(?<one>y)(?'two'z)", false, "xyz");
  assert.ok(found.state === "match");
  assert.deepEqual(
    [...found.names],
    [
      ["one", 2],
      ["two", 3],
    ],
  );
  assert.equal(capturePcre("(?<a>x)(?<a>y)", false, "xy").state, "undecidable");
  const budget = { left: 100 };
  assert.equal(capturePcre("(a)", false, "xa", budget).state, "match");
  assert.ok(budget.left < 100);
  assert.equal(capturePcre("(a.*)x", false, "a".repeat(1_000), budget).state, "undecidable");
});
