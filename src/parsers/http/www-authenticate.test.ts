import assert from "node:assert/strict";
import { test } from "node:test";
import { CHALLENGE_COUNT_MAX, parseAuthenticate } from "./www-authenticate.ts";

for (const [values, challenges, rules] of [
  // RFC 9110 section 11.6.1.
  [
    ['Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""'],
    [
      ["basic", { realm: "simple" }],
      ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
    ],
    [],
  ],
  [['Basic realm="a, b"'], [["basic", { realm: "a, b" }]], []],
  [["Negotiate"], [["negotiate", {}]], []],
  [["Negotiate YII="], [["negotiate", {}, "YII="]], []],
  [
    ["Bearer", 'Digest realm="x", qop="auth"'],
    [
      ["bearer", {}],
      ["digest", { realm: "x", qop: "auth" }],
    ],
    [],
  ],
  [
    ["Negotiate, Basic realm=x"],
    [
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ],
    [],
  ],
  [["Basic realm = x"], [["basic", { realm: "x" }]], []],
  [["=x"], [], ["malformed"]],
  [["Basic {}"], [["basic", {}]], ["malformed"]],
  [[""], [], []],
] as const) {
  test(`WWW-Authenticate ${JSON.stringify(values)}`, () => {
    const result = parseAuthenticate(values);
    assert.deepEqual(
      [
        result.challenges.map(({ scheme, parameters, token68 }) =>
          token68 === undefined ? [scheme, parameters] : [scheme, parameters, token68],
        ),
        result.problems.map(({ rule }) => rule),
      ],
      [challenges, rules],
    );
  });
}

test("challenges are bounded", () => {
  const many = (count: number) => parseAuthenticate([Array(count).fill("Basic").join(",")]);
  assert.deepEqual(many(CHALLENGE_COUNT_MAX).problems, []);
  assert.equal(many(CHALLENGE_COUNT_MAX + 1).challenges.length, CHALLENGE_COUNT_MAX);
  assert.equal(many(CHALLENGE_COUNT_MAX + 1).problems[0]?.rule, "too-many");
});
