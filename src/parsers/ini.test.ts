import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIni } from "./ini.ts";

const ROWS: readonly [name: string, text: string, told: readonly string[]][] = [
  ["sections", "a=1\n[b]\nc = 2\n[ d ]\ne: 3", [" a=1 1", "b c=2 3", "d e=3 5"]],
  ["comments", "; x=1\n# y=2\n[s]\na=1 ; b\nc=#d", ["s a=1 4", "s c=#d 5"]],
  [
    "a value that goes on",
    "[s]\nenvironment=A=1,\n  B=2\nuser=x",
    ["s environment=A=1, B=2 2", "s user=x 4"],
  ],
  ["an indented line behind a title", "[s]\n a=1", ["s a=1 2"]],
  ["repeated keys", "[uwsgi]\nenv = A=1\nenv = B=2", ["uwsgi env=A=1 2", "uwsgi env=B=2 3"]],
  ["no value", "[s]\nnot a pair", []],
  ["empty", "", []],
];

for (const [name, text, told] of ROWS) {
  test(`INI: ${name}`, () => {
    assert.deepEqual(
      parseIni(text).map(({ section, key, value, line }) => `${section} ${key}=${value} ${line}`),
      told,
    );
  });
}
