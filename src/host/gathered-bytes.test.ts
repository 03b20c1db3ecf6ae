import assert from "node:assert/strict";
import { test } from "node:test";
import { gatherBytes } from "./gathered-bytes.ts";

const CASES: readonly [pieces: readonly string[], bytesMax: number, whole: string][] = [
  [[], 10, ""],
  [["a", "", "bc"], 10, "abc"],
  [["abc", "def"], 6, "abcdef"],
  [["abc", "def"], 5, "abcde"],
  [["abc", "def", "ghi"], 3, "abc"],
  [["abc"], 0, ""],
];

for (const [pieces, bytesMax, whole] of CASES) {
  test(`${JSON.stringify(pieces)} up to ${bytesMax} is "${whole}"`, () => {
    const gathered = gatherBytes(bytesMax);
    for (const piece of pieces) gathered.add(Buffer.from(piece));
    assert.equal(gathered.bytes().toString(), whole);
  });
}

test("what outgrows its memory is kept whole", () => {
  const gathered = gatherBytes(1024 * 1024);
  const pieces = Array.from({ length: 9 }, (_, at) => Buffer.alloc(10_000 * (at + 1), at));
  for (const piece of pieces) gathered.add(piece);
  assert.ok(gathered.bytes().equals(Buffer.concat(pieces)));
});
