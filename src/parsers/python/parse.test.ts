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

const PARSED: readonly (readonly [name: string, text: string, kinds: readonly string[]])[] = [
  ["Python 2's print and exec", 'print "a", b\nexec code\nA = 1\n', ["assign"]],
  ["Python 2's except", "try:\n    pass\nexcept A, b:\n    C = 1\n", ["try"]],
  ["match as a name", "match = 1\nmatch.a(b)\nmatch(c)\n", ["assign", "expression", "expression"]],
  ["match as a statement", "match a, b:\n    case {'x': 1}:\n        C = 1\n", ["maybe"]],
  [
    "types",
    "type A[T] = list[T]\ndef f[T](x: T) -> T: return x\nclass C[T](B): pass\n",
    ["function", "class"],
  ],
  ["async", "async def f():\n    await g()\nasync = 1\n", ["function", "assign"]],
  ["with in brackets", "with (open(a) as b, c): pass\nwith (a).b: pass\n", ["with", "with"]],
  ["the else of a loop", "for a in b:\n    break\nelse:\n    C = 1\n", ["for", "maybe"]],
  ["lines that go on", "A = 1 + \\\n  2\nB = [\n# no\n3]\n", ["assign", "assign"]],
];
for (const [name, text, kinds] of PARSED)
  test(`parsed: ${name}`, () => {
    const parsed = parsePython(text);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.module.errors, []);
    assert.deepEqual(
      parsed.module.body.map(({ kind }) => kind),
      kinds,
    );
  });

test("a block that nothing introduces may run or not, and the file has an error", () => {
  const parsed = parsePython("if x ==:\n    DEBUG = True\nA = 1\n");
  assert.ok(parsed.ok);
  assert.deepEqual(
    parsed.module.body.map(({ kind }) => kind),
    ["maybe", "assign"],
  );
  assert.deepEqual(parsed.module.errors[0], { line: 1, column: 8 });
});

test("a chain is kept up to the limit; past it a part of it is not worked out", () => {
  const sum = (links: number): unknown => {
    const parsed = parsePython(`X = ${"1 + ".repeat(links)}1`);
    assert.ok(parsed.ok);
    return JSON.stringify(parsed.module.body).includes('"opaque"');
  };
  assert.equal(sum(400), false);
  assert.equal(sum(401), true);
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
