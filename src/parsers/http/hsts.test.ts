import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHsts } from "./hsts.ts";

const brief = (...values: string[]) => {
  const { effective, problems } = parseHsts(values);
  const policy = effective && [
    effective.maxAgeSeconds,
    effective.includeSubDomains,
    effective.preload,
  ];
  return [policy, problems.map(({ rule, field, offset, length }) => [rule, field, offset, length])];
};

for (const [name, values, expected] of [
  // RFC 6797 section 6.2, all examples.
  ["RFC: one year", ["max-age=31536000"], [[31536000, false, false], []]],
  ["RFC: trailing blanks", ["max-age=15768000 ; includeSubDomains"], [[15768000, true, false], []]],
  ["RFC: quoted", ['max-age="31536000"'], [[31536000, false, false], []]],
  ["RFC: zero", ["max-age=0"], [[0, false, false], []]],
  ["RFC: zero with subdomains", ["max-age=0; includeSubDomains"], [[0, true, false], []]],
  ["letter case", ["MAX-AGE=1;INCLUDESUBDOMAINS;Preload"], [[1, true, true], []]],
  ["blanks around =", ["max-age = 5"], [[5, false, false], []]],
  ["empty directives", [";max-age=1;;"], [[1, false, false], []]],
  ["order", ["preload; max-age=9"], [[9, false, true], []]],
  ["empty", [""], [undefined, [["no-max-age", 0, 0, 0]]]],
  ["no max-age", ["includeSubDomains"], [undefined, [["no-max-age", 0, 0, 17]]]],
  ["negative", ["max-age=-1"], [undefined, [["max-age-not-a-number", 0, 0, 10]]]],
  ["no value", ["max-age"], [undefined, [["max-age-not-a-number", 0, 0, 7]]]],
  ["fraction", ["max-age=1.5"], [undefined, [["max-age-not-a-number", 0, 0, 11]]]],
  ["repeated directive", ["max-age=1; max-age=2"], [undefined, [["repeated-directive", 0, 11, 9]]]],
  [
    "subdomains with value",
    ["max-age=1; includeSubDomains=1"],
    [undefined, [["value-not-allowed", 0, 11, 19]]],
  ],
  [
    "preload with value",
    ["max-age=1; preload=1"],
    [[1, false, true], [["value-not-allowed", 0, 11, 9]]],
  ],
  [
    "unknown directive is ignored",
    ["max-age=1; foo=bar"],
    [[1, false, false], [["unknown-directive", 0, 11, 7]]],
  ],
  [
    "comma of a joined header",
    ["max-age=1, max-age=2"],
    [
      undefined,
      [
        ["comma", 0, 0, 20],
        ["no-max-age", 0, 0, 20],
      ],
    ],
  ],
  [
    "open quote",
    ['max-age="1; preload'],
    [
      undefined,
      [
        ["malformed", 0, 0, 19],
        ["no-max-age", 0, 0, 19],
      ],
    ],
  ],
  ["first line counts", ["max-age=1", "max-age=2"], [[1, false, false], [["repeated", 1, 0, 9]]]],
  [
    "first line counts when it is bad",
    ["x y", "max-age=2"],
    [
      undefined,
      [
        ["malformed", 0, 0, 3],
        ["no-max-age", 0, 0, 3],
        ["repeated", 1, 0, 9],
      ],
    ],
  ],
  ["none", [], [undefined, []]],
  ["huge", [`max-age=${"9".repeat(400)}`], [[Number.MAX_SAFE_INTEGER, false, false], []]],
] as const) {
  test(`HSTS ${name}`, () => assert.deepEqual(brief(...values), expected));
}
