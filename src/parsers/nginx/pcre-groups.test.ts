import assert from "node:assert/strict";
import { test } from "node:test";

import { captureContent } from "./pcre-groups.ts";

const LF = 0x0a;
const NEWLINES: readonly (readonly [pattern: string, group: number | string, admits: boolean])[] = [
  ["^/old/([^/]*)/", 1, true],
  ["^/old/([a-z0-9-]+)/$", 1, false],
  ["^/(.*)$", 1, false],
  ["(?s)^/(.*)$", 1, true],
  ["^/(?s:(.*))$", 1, true],
  ["^/(\\w+)", 1, false],
  ["^/(\\W+)", 1, true],
  ["^/(\\S+)", 1, false],
  ["^/(\\s*)x", 1, true],
  ["^/([^\\s/]+)", 1, false],
  ["^/([^/\\n]+)", 1, false],
  ["^/(?<slug>[^/]+)/(\\d+)", "slug", true],
  ["^/(?<slug>[^/]+)/(\\d+)", 2, false],
  ["^/(?P<slug>[a-z]+)", "slug", false],
  ["^/(?:[^/]+)/([a-z]+)", 1, false],
  ["^/[(]([^)]+)", 1, true],
  ["^/[]()]*([a-z]+)", 1, false],
  ["^/\\(([a-z]+)", 1, false],
  ["^/((a)|([^b]))", 1, true],
  ["^/((a)|([^b]))", 2, false],
  ["^/(?!x)([a-z]+)", 1, false],
  ["^/((?![^/])a)", 1, false],
  ["^/(a++)", 1, true],
];

for (const [pattern, group, admits] of NEWLINES) {
  test(`group ${group} of ${pattern} ${admits ? "can" : "cannot"} capture a newline`, () => {
    assert.equal(captureContent(pattern, group)?.bytes[LF] === 1, admits);
  });
}

const COUNTS: readonly (readonly [pattern: string, count: number])[] = [
  ["^/(eu|us|asia)/", 3],
  ["^/([0-9])", 10],
  ["^/([0-9]{2})", 100],
  ["^/(a?)", 2],
  ["^/(a{0})", 1],
  ["^/(a*)", Number.POSITIVE_INFINITY],
  ["^/([ab]*)", Number.POSITIVE_INFINITY],
];

for (const [pattern, count] of COUNTS) {
  test(`${pattern} captures ${count} texts`, () => {
    assert.equal(captureContent(pattern, 1)?.count, count);
  });
}

test("there is no group that the pattern does not have", () => {
  assert.equal(captureContent("^/(a)", 2), undefined);
  assert.equal(captureContent("^/(a)", "b"), undefined);
});

test("a capture begins with what its first part may be", () => {
  const content = captureContent("^/api(/.*)?$", 1);
  assert.equal(content?.first["/".charCodeAt(0)], 1);
  assert.equal(content?.first[".".charCodeAt(0)], 0);
});
