import assert from "node:assert/strict";
import { test } from "node:test";

import type { Edit } from "../../core/check.ts";
import { applySplices, placeEdits } from "./splice.ts";
import type { EditLanguage } from "./statement.ts";

const edit = (place: string, action: Edit["action"], text: string): Edit => {
  const [line = "", column] = place.split(":");
  const at = { file: "f", line: Number(line), action, text };
  return column === undefined ? at : { ...at, column: Number(column) };
};

function edited(text: string, edits: readonly Edit[], language: EditLanguage = "nginx"): string {
  return applySplices(text, placeEdits(text, edits, language).splices);
}

const cases: readonly [name: string, text: string, edits: readonly Edit[], expected: string][] = [
  [
    "a directive is replaced, its comment stays",
    "a {\n  b 1; # old\n}\n",
    [edit("2:3", "replace", "b 2;")],
    "a {\n  b 2; # old\n}\n",
  ],
  [
    "an empty text takes the line away",
    "a {\n  b 1;\n  c;\n}\n",
    [edit("2:3", "replace", "")],
    "a {\n  c;\n}\n",
  ],
  [
    "an empty text leaves what stands beside it",
    "a { b 1; c; }\n",
    [edit("1:5", "replace", "")],
    "a { c; }\n",
  ],
  [
    "a directive over several lines is one",
    "log_format x 'a'\n  # why\n  'b;{';\nc;\n",
    [edit("1:1", "replace", "log_format y z;")],
    "log_format y z;\nc;\n",
  ],
  [
    "a block is replaced whole",
    "a {\n\tb { c '}'; }\n}\nd;\n",
    [edit("2:2", "replace", "b {\n\tx;\n}")],
    "a {\n\tb {\n\t\tx;\n\t}\n}\nd;\n",
  ],
  [
    "before, with the indentation of its place",
    "a {\n    b;\n}\n",
    [edit("2:5", "insert-before", "x;\ny;")],
    "a {\n    x;\n    y;\n    b;\n}\n",
  ],
  [
    "behind, past the comment",
    "  b; # c\nd;\n",
    [edit("1:3", "insert-after", "x;")],
    "  b; # c\n  x;\nd;\n",
  ],
  ["behind a block", "a {\n b;\n}\n", [edit("1:1", "insert-after", "x;")], "a {\n b;\n}\nx;\n"],
  [
    "as first in a block, indented as its first statement",
    "a {\n\n      # c\n      b;\n}\n",
    [edit("1:1", "insert-in", "x;")],
    "a {\n      x;\n\n      # c\n      b;\n}\n",
  ],
  ["into an empty block", "\ta {\n\t}\n", [edit("1:2", "insert-in", "x;")], "\ta {\n\t\tx;\n\t}\n"],
  ["into a block on one line", "a {b;}\n", [edit("1:1", "insert-in", "x;")], "a { x; b;}\n"],
  [
    "behind one of several on a line",
    "a; b; c;\n",
    [edit("1:4", "insert-after", "x;")],
    "a; b; x; c;\n",
  ],
  [
    "before one of several on a line",
    "a; b;\n",
    [edit("1:4", "insert-before", "x;")],
    "a; x; b;\n",
  ],
  [
    "beside others with a comment in it",
    "a; b;\n",
    [edit("1:4", "insert-before", "# why\nx;")],
    "a; # why\nx;\n b;\n",
  ],
  [
    "the file's own line breaks",
    "a {\r\n  b;\r\n}\r\n",
    [edit("2:3", "insert-after", "x;")],
    "a {\r\n  b;\r\n  x;\r\n}\r\n",
  ],
  [
    "at the end of a file without a line break",
    "a;",
    [edit("1:1", "insert-after", "x;")],
    "a;\nx;",
  ],
  [
    "several in one file",
    "a {\n  b;\n  c;\n}\n",
    [
      edit("3:3", "replace", "C;"),
      edit("1:1", "insert-in", "x;"),
      edit("2:3", "insert-after", "y;"),
    ],
    "a {\n  x;\n  b;\n  y;\n  C;\n}\n",
  ],
  [
    "the same twice counts once",
    "a;\n",
    [edit("1:1", "insert-after", "x;"), edit("1:1", "insert-after", "x;")],
    "a;\nx;\n",
  ],
  [
    "a Lua block is stepped over",
    "x_by_lua_block { a = '}' }\nb;\n",
    [edit("2:1", "replace", "c;")],
    "x_by_lua_block { a = '}' }\nc;\n",
  ],
  ["without a column: the first of the line", "a; b;\n", [edit("1", "replace", "x;")], "x; b;\n"],
];

for (const [name, text, edits, expected] of cases) {
  test(`nginx edits: ${name}`, () => assert.equal(edited(text, edits), expected));
}

const others: readonly [
  name: string,
  language: EditLanguage,
  text: string,
  edits: readonly Edit[],
  expected: string,
][] = [
  [
    "a Caddy site",
    "caddyfile",
    "a.test {\n\thandle {\n\t\tx\n\t}\n}\nb {\n}\n",
    [edit("1", "insert-in", "encode"), edit("2", "insert-after", "log")],
    "a.test {\n\tencode\n\thandle {\n\t\tx\n\t}\n\tlog\n}\nb {\n}\n",
  ],
  [
    "a Caddy directive",
    "caddyfile",
    "a {\n  header X {$Y}\n}\n",
    [edit("2:3", "replace", "header Z")],
    "a {\n  header Z\n}\n",
  ],
  [
    "an Apache section",
    "apache",
    "<VirtualHost *:80>\n  <Location />\n  </Location>\n</VirtualHost>\n",
    [edit("1", "insert-in", "SSLEngine on"), edit("2", "insert-after", "A b")],
    "<VirtualHost *:80>\n  SSLEngine on\n  <Location />\n  </Location>\n  A b\n</VirtualHost>\n",
  ],
  [
    "an Apache directive over two lines",
    "apache",
    "A b \\\n  c\nD\n",
    [edit("1", "replace", "A x")],
    "A x\nD\n",
  ],
  [
    "a HAProxy section",
    "lines",
    "frontend a\n    bind :80\n\nbackend b\n",
    [edit("1", "insert-in", "redirect scheme https"), edit("2", "replace", "bind :81")],
    "frontend a\n    redirect scheme https\n    bind :81\n\nbackend b\n",
  ],
  [
    "YAML",
    "lines",
    "a:\n  b:\n    c: 1\nd: 2\n",
    [edit("2", "insert-after", "x: 1")],
    "a:\n  b:\n    c: 1\n  x: 1\nd: 2\n",
  ],
];

for (const [name, language, text, edits, expected] of others) {
  test(`${language} edits: ${name}`, () => assert.equal(edited(text, edits, language), expected));
}

const unplaced: readonly [
  name: string,
  text: string,
  edits: readonly Edit[],
  because: readonly string[],
][] = [
  [
    "no statement begins there",
    "a;\n",
    [edit("1:2", "replace", "b;")],
    ["no such statement begins there"],
  ],
  [
    "no block to insert into",
    "a;\n",
    [edit("1:1", "insert-in", "b;")],
    ["no such statement begins there"],
  ],
  [
    "a line past the end",
    "a;\n",
    [edit("9:1", "replace", "b;")],
    ["no such statement begins there"],
  ],
  [
    "a block that is never closed",
    "a {\n",
    [edit("1:1", "insert-in", "b;")],
    ["no such statement begins there"],
  ],
  [
    "two replace one statement",
    "a;\n",
    [edit("1:1", "replace", "b;"), edit("1:1", "replace", "c;")],
    ["another suggestion changes the same statement"],
  ],
  [
    "into a block that goes",
    "a {\n b;\n}\n",
    [edit("1:1", "replace", ""), edit("2:2", "insert-after", "c;")],
    ["another suggestion changes the same statement"],
  ],
];

for (const [name, text, edits, because] of unplaced) {
  test(`edits without a place: ${name}`, () => {
    assert.deepEqual(
      placeEdits(text, edits, "nginx").unplaced.map((one) => one.because),
      because,
    );
  });
}
