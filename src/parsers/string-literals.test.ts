import assert from "node:assert/strict";
import { test } from "node:test";
import { LITERALS_MAX, scanStrings } from "./string-literals.ts";

type Language = "python" | "javascript";

/** `line text`, `f` for filled in, `s` for a statement. */
function literalsOf(text: string, language: Language): readonly string[] {
  return scanStrings(text, language).literals.map(
    ({ line, text: held, isFilled, isStatement }) =>
      `${line}${isFilled ? "f" : ""}${isStatement ? "s" : ""} ${held}`,
  );
}

const CASES: readonly [name: string, language: Language, text: string, string[]][] = [
  ["docstring", "python", '"""a\nb"""\nx = "c"\n', ["1s a\nb", "3 c"]],
  ["docstring of a function", "python", "def f():\n    'a'\n", ["2s a"]],
  ["part of a text in brackets", "python", 'x = (\n  "a"\n  "b")', ["2 a", "3 b"]],
  ["comment", "python", "x = 1 # 'a'\n# 'b'\ny = 'c'", ["3 c"]],
  ["hash within a text", "python", "x = '#a'", ["1 #a"]],
  ["f-string", "python", "x = f'a{b}'", ["1f a{b}"]],
  ["escaped quote", "python", "x = 'a\\'b'", ["1 a\\'b"]],
  ["without end", "python", "x = 'a\ny = 'b'", ["1 a", "2 b"]],
  ["long, without end", "python", "x = '''a\nb", ["1 a\nb"]],
  ["comments of JavaScript", "javascript", "// 'a'\n/* 'b'\n */ x = 'c'", ["3 c"]],
  ["pattern with quotes", "javascript", "const re = /['\"`]/g; f('a')", ["1 a"]],
  ["division is no pattern", "javascript", "x = a / b; y = 'c' / 2", ["1 c"]],
  [
    "template",
    "javascript",
    "x = `a ${b ? `c${d}` : '}'} e`; y = 'f'",
    ["1f a ${b ? `c${d}` : '}'} e", "1 f"],
  ],
  ["template over lines", "javascript", "x = `a\nb`;\ny = 'c'", ["1 a\nb", "3 c"]],
];

for (const [name, language, text, expected] of CASES) {
  test(`strings of ${language}: ${name}`, () => {
    const scanned = scanStrings(text, language);
    assert.deepEqual(literalsOf(text, language), expected);
    assert.equal(scanned.code.length, text.length);
    assert.equal(scanned.code.split("\n").length, text.split("\n").length);
  });
}

test("what stands in strings and comments is no code", () => {
  assert.equal(scanStrings("a('b') # c", "python").code, "a(' ')    ");
});

test("strings are counted up to a limit", () => {
  const text = (count: number) => "'a' ".repeat(count);
  assert.equal(scanStrings(text(LITERALS_MAX), "python").literals.length, LITERALS_MAX);
  assert.equal(scanStrings(text(LITERALS_MAX + 1), "python").literals.length, LITERALS_MAX);
});

test("hostile texts take time in proportion to their length", () => {
  for (const text of ["'", "`${", "/", "(", '"""', "/*", "''", "`${`"]) {
    const before = process.cpuUsage().user;
    for (const language of ["python", "javascript"] as const)
      scanStrings(text.repeat(200_000), language);
    assert.ok(process.cpuUsage().user - before < 3_000_000, text);
  }
});
