import assert from "node:assert/strict";
import { test } from "node:test";
import { type NginxStatement, PROBLEMS_MAX, tokenizeNginx, WORD_BYTES_MAX } from "./tokenize.ts";

function statements(text: string): readonly NginxStatement[] {
  const tokenizer = tokenizeNginx(text, "f");
  const all: NginxStatement[] = [];
  for (let one = tokenizer.next(); one.kind !== "end"; one = tokenizer.next()) all.push(one);
  return all;
}

/** Statements as texts: words joined by `|`, then what ended them. */
function shape(text: string): readonly string[] {
  return statements(text).map((one) =>
    one.kind === "simple" || one.kind === "block"
      ? one.words.map((word) => word.text).join("|") + (one.kind === "block" ? "{" : ";")
      : "}",
  );
}

function problems(text: string): readonly string[] {
  const tokenizer = tokenizeNginx(text, "f");
  while (tokenizer.next().kind !== "end");
  return tokenizer.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const SHAPES: readonly (readonly [name: string, text: string, shape: readonly string[]])[] = [
  ["words and blocks", "a b{c d;}", ["a|b{", "c|d;", "}"]],
  ["} needs no newline", "a{b;}c{d;}", ["a{", "b;", "}", "c{", "d;", "}"]],
  ["# inside a word", "set $c red#green;", ["set|$c|red#green;"]],
  ["# after white space", "a b #c;\n d;", ["a|b|d;"]],
  ["# after a block", "a{#x}\nb;}", ["a{", "b;", "}"]],
  ["comments between words", "a # one\n b # two;\n;", ["a|b;"]],
  ["carriage return is white space", "a\rb\r\n;\r", ["a|b;"]],
  ["${x} opens no block", "set $a ${b}-c;", ["set|$a|${b}-c;"]],
  ["${ at the start of a word", "a ${b};c;", ["a|${b};", "c;"]],
  ["{ after a plain $", "location ~ \\.php${x;}", ["location|~|\\.php${x;", "}"]],
  ["quoted braces and semicolons", "a \"{;}\" '};{';", ["a|{;}|};{;"]],
  ["escapes in any word", "a x\\ty \"x\\ny\" 'x\\ry';", ["a|x\ty|x\ny|x\ry;"]],
  ["escaped quotes and backslashes", 'a "\\"" \'\\\'\' \\\\ \\";', ['a|"|\'|\\|";']],
  ["unknown escapes stay", "a \\.php$ \\d+ \\{;", ["a|\\.php$|\\d+|\\{;"]],
  ["escaped blank, ; and {", "a x\\ y x\\;y x\\{y;", ["a|x\\ y|x\\;y|x\\{y;"]],
  ["an escaped backslash before n", "a \\\\n;", ["a|\\n;"]],
  ["empty word", "a \"\" '';", ["a||;"]],
  ["quote inside a word", 'a b"c d"e;', ['a|b"c|d"e;']],
  ["words over lines", 'a "x\ny"\n;', ["a|x\ny;"]],
  ["parenthesis after a quote", 'if ($a = "b"){c;}', ["if|($a|=|b|){", "c;", "}"]],
  ["} inside a word", "a b}c;", ["a|b}c;"]],
  ["stray ; is stepped over", ";;a;", ["a;"]],
];
for (const [name, text, expected] of SHAPES) {
  test(`words: ${name}`, () => assert.deepEqual(shape(text), expected));
}

test("words: a missing ; ends at } where a blank stands before it", () => {
  assert.deepEqual(shape("a{b c }d;"), ["a{", "b|c;", "}", "d;"]);
  assert.deepEqual(shape("a{b c}d;"), ["a{", "b|c}d;"]);
});

test("positions count from 1, columns in UTF-16 units, tabs as one", () => {
  const [first, second] = statements('\ta "b"\n  é c;\r\nd;');
  assert.ok(first?.kind === "simple" && second?.kind === "simple");
  assert.deepEqual(
    first.words.map(({ line, column, quote }) => [line, column, quote]),
    [
      [1, 2, "none"],
      [1, 4, "double"],
      [2, 3, "none"],
      [2, 5, "none"],
    ],
  );
  assert.deepEqual(second.at, { file: "f", line: 3, column: 1 });
});

const PROBLEMS: readonly (readonly [text: string, problem: string])[] = [
  [";", '1:1 Unexpected ";"'],
  ["a;\n {", '2:2 Unexpected "{"'],
  ['a;\nb "x;', "2:3 This quoted word is never closed"],
  ["a b", '1:1 The file ends inside this directive, before its ";" or "{"'],
  ["a{\n b c }", '2:2 This directive is not ended by ";" before the next "}"'],
  ['a "b"c;', "1:6 A quoted word must be followed by white space"],
  ["\ufeffa;", "1:1 A byte order mark stands before the first directive"],
];
for (const [text, problem] of PROBLEMS) {
  test(`problem: ${JSON.stringify(text)}`, () => assert.equal(problems(text)[0], problem));
}

test("limits: a word or comment of 4096 bytes is refused, of 4095 is not", () => {
  const limit = (size: number): string => `1:3 A word has ${size} bytes or more`;
  assert.deepEqual(problems(`a ${"x".repeat(WORD_BYTES_MAX - 1)};`), []);
  assert.deepEqual(problems(`a ${"x".repeat(WORD_BYTES_MAX)};`), [limit(WORD_BYTES_MAX)]);
  assert.deepEqual(problems(`a ${"é".repeat(WORD_BYTES_MAX / 2)};`), [limit(WORD_BYTES_MAX)]);
  assert.deepEqual(problems(`a "${"x".repeat(WORD_BYTES_MAX - 2)}";`), []);
  assert.deepEqual(problems(`a "${"x".repeat(WORD_BYTES_MAX - 1)}";`), [limit(WORD_BYTES_MAX)]);
  assert.equal(problems(`#${"x".repeat(WORD_BYTES_MAX - 2)}`).length, 0);
  assert.equal(problems(`#${"x".repeat(WORD_BYTES_MAX - 1)}`).length, 1);
});

test("limits: problems are listed up to a number", () => {
  assert.equal(problems(";".repeat(PROBLEMS_MAX)).length, PROBLEMS_MAX);
  assert.equal(problems(";".repeat(PROBLEMS_MAX + 1)).length, PROBLEMS_MAX);
});
