import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BLOCK_DEPTH_MAX,
  DIRECTIVES_MAX,
  directiveText,
  type NginxDirective,
  parseNginx,
} from "./parse.ts";
import { PROBLEMS_MAX, TEXT_LENGTH_MAX } from "./tokenize.ts";

function outline(directives: readonly NginxDirective[]): unknown {
  return directives.map(({ name, args, block }) => {
    const line = [name, ...args.map(({ text }) => text)].join(" ");
    return block === undefined ? line : [line, outline(block)];
  });
}

function tree(text: string): unknown {
  const { directives, problems } = parseNginx(text, "f");
  assert.deepEqual(problems, []);
  return outline(directives);
}

function problems(text: string): readonly string[] {
  return parseNginx(text, "f").problems.map(
    ({ kind, line, column, message }) => `${kind} ${line}:${column} ${message}`,
  );
}

test("blocks inside each other, unknown directives kept", () => {
  assert.deepEqual(tree("a 1; b x { c; d { } } frobnicate on;"), [
    "a 1",
    ["b x", ["c", ["d", []]]],
    "frobnicate on",
  ]);
});

test("a directive has the position of its name and the file", () => {
  const { directives } = parseNginx("http {\n  server {\n\tlisten 80;\n}}", "conf/site.conf");
  const listen = directives[0]?.block?.[0]?.block?.[0];
  assert.deepEqual(listen, {
    name: "listen",
    args: [{ text: "80", quote: "none", file: "conf/site.conf", line: 3, column: 9 }],
    file: "conf/site.conf",
    line: 3,
    column: 2,
  });
});

const LUA: readonly (readonly [name: string, body: string])[] = [
  ["braces in strings", ` ngx.say("}") x = '}' `],
  ["escaped quotes", ` s = "\\"}" t = '\\'}' `],
  ["long brackets", " s = [[ } ]] t = [=[ ]] } ]=] "],
  ["comments", " -- }\n --[[ } \n } ]] --[==[ ]] } ]==] "],
  ["tables", " t = { a = { 1 }, b = {} } "],
  ["an index, no long bracket", " t[1] = t[t[2]] "],
  ["what nginx would choke on", ` if x then ngx.exit(403) end; y = "${"$x{"}" # 'it' `],
  ["a string that is not closed on its line", ' s = "oops }\n '],
];
for (const [name, body] of LUA) {
  test(`Lua: ${name}`, () => {
    const { directives, problems: found } = parseNginx(`a_by_lua_block {${body}} b 1;`, "f");
    assert.deepEqual(found, []);
    assert.deepEqual(outline(directives), [["a_by_lua_block", []], "b 1"]);
    assert.equal(directives[0]?.lua, body);
  });
}

test("Lua: lines inside are counted", () => {
  const { directives } = parseNginx("content_by_lua_block {\n--[[\n}\n]]\n}\nb;", "f");
  assert.equal(directives[1]?.line, 6);
});

const BROKEN: readonly (readonly [text: string, problems: readonly string[], kept: unknown])[] = [
  ["a { b;", ['syntax 1:1 The block of "a" is never closed'], [["a", ["b"]]]],
  ["a; } b;", ['syntax 1:4 Unexpected "}": no block is open'], ["a", "b"]],
  ["{ a; } b;", ['syntax 1:1 Unexpected "{"'], [["", ["a"]], "b"]],
  [
    "a_by_lua_block { x",
    ['syntax 1:1 The Lua block of "a_by_lua_block" is never closed'],
    [["a_by_lua_block", []]],
  ],
  [
    'a { b "c; }\nd;',
    [
      'syntax 1:1 The block of "a" is never closed',
      'syntax 1:5 The file ends inside this directive, before its ";" or "{"',
      "syntax 1:7 This quoted word is never closed",
    ],
    [["a", ["b c; }\nd;"]]],
  ],
  [
    "a { b\n}\nc;",
    ['syntax 1:5 This directive is not ended by ";" before the next "}"'],
    [["a", ["b"]], "c"],
  ],
];
for (const [text, expected, kept] of BROKEN) {
  test(`broken: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(problems(text), expected);
    assert.deepEqual(outline(parseNginx(text, "f").directives), kept);
  });
}

test("limits: depth", () => {
  const nested = (depth: number): string => `${"a{".repeat(depth)}b;${"}".repeat(depth)}c;`;
  assert.deepEqual(problems(nested(BLOCK_DEPTH_MAX)), []);
  const tooDeep = parseNginx(nested(BLOCK_DEPTH_MAX + 3), "f");
  assert.equal(tooDeep.problems.length, 1);
  assert.equal(tooDeep.problems[0]?.kind, "limit");
  assert.deepEqual(
    tooDeep.directives.map(({ name }) => name),
    ["a", "c"],
  );
});

test("limits: directives", () => {
  assert.deepEqual(problems("a;".repeat(DIRECTIVES_MAX)), []);
  const more = parseNginx("a;".repeat(DIRECTIVES_MAX + 1), "f");
  assert.equal(more.directives.length, DIRECTIVES_MAX);
  assert.equal(more.problems[0]?.kind, "limit");
});

test("limits: length of the file", () => {
  assert.equal(parseNginx("\n".repeat(TEXT_LENGTH_MAX), "f").problems.length, 0);
  const long = parseNginx("\n".repeat(TEXT_LENGTH_MAX + 1), "f");
  assert.deepEqual([long.directives.length, long.problems[0]?.kind], [0, "limit"]);
});

test("limits: problems", () => {
  assert.equal(problems("}".repeat(PROBLEMS_MAX + 5)).length, PROBLEMS_MAX);
});

test("a directive as text can be read again", () => {
  for (const text of ["a b;", 'a "b c";', "a 'it\\'s';", 'a "x\\\\y";', "location ~ \\.php$ {"]) {
    const [directive] = parseNginx(text, "f").directives;
    assert.ok(directive);
    assert.equal(directiveText(directive), text);
  }
});
