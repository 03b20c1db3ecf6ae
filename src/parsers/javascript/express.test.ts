import assert from "node:assert/strict";
import { test } from "node:test";
import { findExpress } from "./express.ts";
import { SCRIPT_LENGTH_MAX } from "./syntax.ts";

const ROWS: readonly (readonly [name: string, text: string, line: number | undefined])[] = [
  ["imported", 'import express from "express";\nexport const app = express();', 2],
  ["as a namespace", 'import * as ex from "express";\nex();', 2],
  ["required", 'const e = require("express");\n\nconst app = e();', 3],
  ["required and called", 'const app = require("express")();', 1],
  ["import = require", 'import express = require("express");\nexpress();', 2],
  ["only a router", 'import { Router } from "express";\nRouter();', undefined],
  ["another package", 'import express from "express-session";\nexpress();', undefined],
  ["a comment", '// require("express")()', undefined],
  ["a string", "const s = 'require(\"express\")()';", undefined],
  [
    "JSX and types",
    'import express from "express";\nconst a: number = 1;\nconst b = <A b={1} />;\nexpress();',
    4,
  ],
  ["no JavaScript", 'require("express")( {{{', undefined],
  ["another function of that name", "function express() {}\nexpress();", undefined],
];

for (const [name, text, line] of ROWS)
  test(name, () => assert.equal(findExpress(text)?.line, line));

test("scripts are read up to the limit and not past it", () => {
  const start = 'require("express")();//';
  const full = start + "x".repeat(SCRIPT_LENGTH_MAX - start.length);
  assert.equal(findExpress(full)?.line, 1);
  assert.equal(findExpress(`${full}x`), undefined);
});

test("deep nesting does not throw", () => {
  assert.equal(findExpress(`const express = ${"[".repeat(100_000)}`), undefined);
});
