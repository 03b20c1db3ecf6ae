import assert from "node:assert/strict";
import { test } from "node:test";

import { ENTRIES_MAX, readSettingsText } from "./settings-text.ts";

const rows: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "JSON",
    '{"a": 1,\n "b": {"c": "x", "d": [true, null]}}',
    ["1 a 1", '2 b.c "x"', "2 b.d.0 true", "2 b.d.1 null"],
  ],
  ["comments", '/* "a": 1 */\n{ // "b": 2\n "c": 3 }', ["3 c 3"]],
  ["trailing commas and single quotes", "{ 'a': 'x', b: [1,], }", ['1 a "x"', "1 b.0 1"]],
  ["what is no value", '{"a": f(), "b": x, "c": 1}', ["1 c 1"]],
  ["a comment at the end", '{"a": 1} // end', ["1 a 1"]],
  ["no object", "title: x", []],
  ["nothing", "", []],
  ["not closed", '{"a": {', []],
];

for (const [name, text, expected] of rows)
  test(`settings as JSON: ${name}`, () => {
    const shown = readSettingsText(text).map(
      ({ path, value, line }) => `${line} ${path.join(".")} ${JSON.stringify(value)}`,
    );
    assert.deepEqual(shown, expected);
  });

test("values are told up to a limit", () => {
  const text = (count: number) => JSON.stringify(Array.from({ length: count }, () => 1));
  assert.equal(readSettingsText(text(ENTRIES_MAX)).length, ENTRIES_MAX);
  assert.equal(readSettingsText(text(ENTRIES_MAX + 1)).length, ENTRIES_MAX);
});

test("deep nesting does not throw", () => {
  assert.deepEqual(readSettingsText('{"a":'.repeat(50_000)), []);
  assert.deepEqual(readSettingsText(`${'{"a":'.repeat(20)}1${"}".repeat(20)}`), []);
});
