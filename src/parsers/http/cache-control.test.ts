import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCacheControl } from "./cache-control.ts";

const base = {
  noStore: false,
  noCache: false,
  isPrivate: false,
  isPublic: false,
  immutable: false,
  mustRevalidate: false,
  rules: [],
};

for (const [values, expected] of [
  [["no-store, max-age=0"], { noStore: true, maxAgeSeconds: 0 }],
  [["no-cache"], { noCache: true }],
  [['no-cache="Set-Cookie, X"'], {}],
  [['private="x"'], {}],
  [["Private, NO-CACHE"], { isPrivate: true, noCache: true }],
  [
    ["public, max-age=31536000, immutable"],
    { isPublic: true, immutable: true, maxAgeSeconds: 31536000 },
  ],
  [['max-age="60"'], { maxAgeSeconds: 60 }],
  [
    ["s-maxage=10", "max-age=5, must-revalidate"],
    { sharedMaxAgeSeconds: 10, maxAgeSeconds: 5, mustRevalidate: true },
  ],
  [
    ["no-store, public, max-age=60"],
    { noStore: true, isPublic: true, maxAgeSeconds: 60, rules: ["conflict", "conflict"] },
  ],
  [["private, public"], { isPrivate: true, isPublic: true, rules: ["conflict"] }],
  [["max-age=abc"], { rules: ["bad-seconds"] }],
  [["max-age=-1"], { rules: ["bad-seconds"] }],
  [["max-age=1, max-age=2"], { maxAgeSeconds: 1, rules: ["repeated-directive"] }],
  [["nostore"], { rules: ["unknown-directive"] }],
  [["no-store=1"], { noStore: true, rules: ["value-not-allowed"] }],
  [["no store"], { rules: ["malformed"] }],
  [["stale-while-revalidate=5, stale-if-error=x"], { rules: ["bad-seconds"] }],
  [[""], {}],
  [[], {}],
] as const) {
  test(`Cache-Control ${JSON.stringify(values)}`, () => {
    const { directives, problems, ...rest } = parseCacheControl(values);
    assert.deepEqual(
      { ...rest, rules: problems.map(({ rule }) => rule) },
      { ...base, ...expected },
    );
  });
}

test("directives keep their places", () => {
  assert.deepEqual(parseCacheControl(["no-store,  max-age=0"]).directives, [
    { name: "no-store", field: 0, offset: 0, length: 8 },
    { name: "max-age", value: "0", field: 0, offset: 11, length: 9 },
  ]);
});
