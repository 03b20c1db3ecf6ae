import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePython, SOURCE_LENGTH_MAX } from "./parse.ts";
import { importsOf } from "./walk.ts";

test("places count lines and columns from 1, offsets into the text", async () => {
  const parsed = await parsePython("é = 'ü'; DEBUG = True\n");
  assert.ok(parsed.ok);
  const [, second] = parsed.module.body;
  assert.deepEqual(
    [second?.kind, second?.line, second?.column, second?.start],
    ["assign", 1, 10, 9],
  );
});

test("a byte order mark is no part of the program", async () => {
  const parsed = await parsePython("\uFEFFDEBUG = True");
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.module.errors, []);
  assert.equal(parsed.module.body[0]?.column, 1);
});

test("a carriage return alone ends a line, as it does for Python", async () => {
  const parsed = await parsePython("# settings\rA = 1\rB = 2\r\nC = 3\n");
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.module.errors, []);
  assert.deepEqual(
    parsed.module.body.map(({ line }) => line),
    [2, 3, 4],
  );
});

test("syntax errors are placed and the rest is still read", async () => {
  const parsed = await parsePython("A = 1\nB = (\nC = 3\n");
  assert.ok(parsed.ok);
  assert.equal(parsed.module.errors.length > 0, true);
  assert.equal(parsed.module.body[0]?.kind, "assign");
});

test("imports are found wherever they stand", async () => {
  const parsed = await parsePython(
    "import a.b as c\ndef f():\n    from ..x import y, z as w\ntry:\n    from .l import *\nexcept ImportError:\n    import d\n",
  );
  assert.ok(parsed.ok);
  assert.deepEqual(
    importsOf(parsed.module).map(({ level, path }) => `${level} ${path}`),
    ["0 a.b", "2 x", "2 x.y", "2 x.z", "1 l", "0 d"],
  );
});

test("files are read up to the limit and refused past it", async () => {
  const comment = `#${"x".repeat(SOURCE_LENGTH_MAX - 1)}`;
  assert.equal((await parsePython(comment)).ok, true);
  assert.equal((await parsePython(`${comment}x`)).ok, false);
});

test("nesting is read up to the limit and refused past it", async () => {
  const nested = (depth: number): string => `X = ${"[".repeat(depth)}1${"]".repeat(depth)}`;
  assert.equal((await parsePython(nested(150))).ok, true);
  assert.equal((await parsePython(nested(5_000))).ok, false);
});

test("what is not Python at all does not throw", async () => {
  for (const text of [
    "",
    "\0\0\0",
    "}{)(",
    "def",
    "x = '",
    "\uD800",
    "if 1:\n\t x\n  y",
    "@",
    "f'{",
  ])
    assert.equal((await parsePython(text)).ok, true, JSON.stringify(text));
});
