import assert from "node:assert/strict";
import { test } from "node:test";
import { findNodeApplication } from "./node-application.ts";
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

const OTHERS: readonly (readonly [name: string, text: string, found: string | undefined])[] = [
  ["Koa", 'import Koa from "koa";\nconst app = new Koa();', "koa 2 Koa() is called"],
  ["Koa, required", 'const K = require("koa");\nnew K();', "koa 2 K() is called"],
  ["Koa, required and made", 'new (require("koa"))();', "koa 1 koa() is called"],
  ["a class that is not made", 'import Koa from "koa";\nKoa();', undefined],
  ["Fastify", 'import Fastify from "fastify";\nFastify({});', "fastify 2 Fastify() is called"],
  [
    "Fastify by its name",
    'import { fastify as f } from "fastify";\nf();',
    "fastify 2 f() is called",
  ],
  [
    "Fastify, required by its name",
    'const { fastify } = require("fastify");\nfastify();',
    "fastify 2 fastify() is called",
  ],
  [
    "Nest",
    'import { NestFactory } from "@nestjs/core";\nawait NestFactory.create<A>(M);',
    "express 2 NestFactory.create() is called",
  ],
  [
    "Nest on Fastify",
    'import { NestFactory } from "@nestjs/core";\nimport { FastifyAdapter } from "@nestjs/platform-fastify";\nNestFactory.create(M, new FastifyAdapter());',
    "fastify 3 NestFactory.create() is called",
  ],
  ["another create", 'import express from "express";\nObject.create(null);', undefined],
  ["a type of Koa's", 'import { Context } from "koa";\nnew Context();', undefined],
];

for (const [name, text, expected] of OTHERS)
  test(name, () => {
    const found = findNodeApplication(text);
    const shown =
      found === undefined ? undefined : `${found.framework} ${found.line} ${found.sign}`;
    assert.equal(shown, expected);
  });

for (const [name, text, line] of ROWS)
  test(name, () => assert.equal(findNodeApplication(text)?.line, line));

test("scripts are read up to the limit and not past it", () => {
  const start = 'require("express")();//';
  const full = start + "x".repeat(SCRIPT_LENGTH_MAX - start.length);
  assert.equal(findNodeApplication(full)?.line, 1);
  assert.equal(findNodeApplication(`${full}x`), undefined);
});

test("deep nesting does not throw", () => {
  assert.equal(findNodeApplication(`const express = ${"[".repeat(100_000)}`), undefined);
});
