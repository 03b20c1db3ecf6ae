import assert from "node:assert/strict";
import { test } from "node:test";

import { SAMPLE_LENGTH_MAX, samplePcre, samplesPcre } from "./pcre-sample.ts";

const cases: readonly [pattern: string, prefix: string, sample: string | undefined][] = [
  ["^(?<sub>[a-z0-9-]{1,20})\\.example\\.com$", "", "a.example.com"],
  ["\\.php$", "/", "/.php"],
  ["^/api/v[0-9]+/", "/", "/api/v0/"],
  ["^/(?:login|logout)$", "/", "/login"],
  ["\\.(?:css|js)$", "/", "/.css"],
  ["/\\.(?!well-known)", "/", "/."],
  ["^/[^/]+$", "/", "/a"],
  ["^.+$", "", "a"],
  ["(a)\\1", "", undefined],
  [`a{${SAMPLE_LENGTH_MAX}}`, "", "a".repeat(SAMPLE_LENGTH_MAX)],
  [`a{${SAMPLE_LENGTH_MAX + 1}}`, "", undefined],
  ["((a{100}){100}){100}", "", undefined],
];

for (const [pattern, prefix, sample] of cases) {
  test(`a text that ${pattern.slice(0, 40)} matches`, () => {
    assert.equal(samplePcre(pattern, false, prefix), sample);
  });
}

test("letters of any case are small ones", () => {
  assert.equal(samplePcre("^EXAMPLE$", true), "example");
});

test("an unescaped dot may be the dot it was meant for", () => {
  assert.deepEqual(samplesPcre("^b.test$", false), ["batest", "b.test"]);
});

test("alternatives and optional parts have a sample each", () => {
  assert.deepEqual(samplesPcre("^https://(?:www\\.)?(?:a\\.test|b\\.test)$", false), [
    "https://a.test",
    "https://www.a.test",
    "https://b.test",
    "https://www.b.test",
  ]);
});
