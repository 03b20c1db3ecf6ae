import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseSfDictionary,
  parseSfItem,
  parseSfList,
  type SfInnerList,
  type SfItem,
} from "./structured-field.ts";

const plain = (value: SfItem | SfInnerList): unknown =>
  value.kind === "list"
    ? [value.items.map(plain), Object.fromEntries(value.parameters)]
    : [value.value.value, ...[...value.parameters].map(([key, own]) => `${key}=${own.value}`)];

// The examples of RFC 9651 section 3, without those that need no parser.
for (const [text, expected] of [
  ['"foo", "bar", "It was the best of times."', [["foo"], ["bar"], ["It was the best of times."]]],
  ["foo, bar", [["foo"], ["bar"]]],
  [
    '("foo" "bar"), ("baz"), ("bat" "one"), ()',
    [
      [[["foo"], ["bar"]], {}],
      [[["baz"]], {}],
      [[["bat"], ["one"]], {}],
      [[], {}],
    ],
  ],
  [
    'abc;a=1;b=2; cde_456, (ghi;jk=4 l);q="9";r=w',
    [
      ["abc", "a=1", "b=2", "cde_456=true"],
      [
        [["ghi", "jk=4"], ["l"]],
        { q: { type: "string", value: "9" }, r: { type: "token", value: "w" } },
      ],
    ],
  ],
  ["42, 4.5, ?1, @1659578233, foo123/456", [[42], [4.5], [true], [1659578233], ["foo123/456"]]],
  [
    ":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:",
    [["cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg=="]],
  ],
  ['%"This is intended for display to %c3%bcsers."', [["This is intended for display to üsers."]]],
  ["", []],
] as const) {
  test(`structured list ${text}`, () => {
    const result = parseSfList([text]);
    assert.ok(result.ok);
    assert.deepEqual(result.value.map(plain), expected);
  });
}

for (const [text, expected] of [
  [
    'en="Applepie", da=:w4ZibGV0w6ZydGU=:',
    [
      ["en", "Applepie"],
      ["da", "w4ZibGV0w6ZydGU="],
    ],
  ],
  [
    "a=?0, b, c; foo=bar",
    [
      ["a", false],
      ["b", true],
      ["c", true],
    ],
  ],
  [
    "a=1, b=2, a=3",
    [
      ["a", 3],
      ["b", 2],
    ],
  ],
] as const) {
  test(`structured dictionary ${text}`, () => {
    const result = parseSfDictionary([text]);
    assert.ok(result.ok);
    assert.deepEqual(
      result.value.map(({ key, value }) => [
        key,
        value.kind === "item" ? value.value.value : "list",
      ]),
      expected,
    );
  });
}

for (const [text, at] of [
  ["a b", 2],
  ["", 0],
  ['"open', 0],
  ["1234567890123456", 0],
  ["1.2345", 0],
  ["-", 0],
  ["?2", 0],
  [":a:", 0],
  ["@1.5", 0],
  ['%"%ff"', 0],
  ["ü", 0],
  ["a;B=1", 2],
] as const) {
  test(`structured item ${JSON.stringify(text)} is refused at ${at}`, () => {
    const result = parseSfItem([text]);
    assert.ok(!result.ok);
    assert.equal(result.problem.offset, at);
  });
}

test("a dictionary over several lines keeps the place of each member", () => {
  const result = parseSfDictionary(["a=1", "b=(x y), c"]);
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.map(({ key, field, offset, length }) => [key, field, offset, length]),
    [
      ["a", 0, 0, 3],
      ["b", 1, 0, 7],
      ["c", 1, 9, 1],
    ],
  );
  const bad = parseSfDictionary(["a=1", "b=,"]);
  assert.ok(!bad.ok);
  assert.deepEqual([bad.problem.field, bad.problem.offset], [1, 2]);
});
