import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleModel } from "./example-model.ts";
import { COMPOSITIONS_MAX, compositionsOf, LOOKUPS_MAX } from "./request-text.ts";

const NEWLINE = 0x0a;

/** What a text comes out as, in the last place of a configuration: variables of the request by `<name>`. */
function shown(configuration: string, text: string): readonly string[] {
  const path = exampleModel(configuration).places.at(-1)?.path ?? [];
  return compositionsOf(text, path).map((parts) =>
    parts
      .map((part) => {
        if (part.kind === "literal") return part.text;
        return `<${part.variable}${part.content.bytes[NEWLINE] === 1 ? "\\n" : ""}>`;
      })
      .join(""),
  );
}

const ROWS: readonly [name: string, configuration: string, text: string, expected: string[]][] = [
  ["text", "server { }", "a", ["a"]],
  ["the path is decoded", "server { }", "x$uri", ["x<uri\\n>"]],
  ["an argument is not", "server { }", "$arg_a-$host", ["<arg_a>-<host>"]],
  ["set", "server { set $a b$uri; }", "$a", ["b<uri\\n>"]],
  ["set within if", "server { set $a b; if ($x) { set $a $arg_c; } }", "$a", ["b", "<arg_c>"]],
  ["a map", "map $uri $m { default a; b $arg_c; }\nserver { }", "$m", ["a", "<arg_c>"]],
  ["a capture", "server { location ~ ^/([^/]+)/([a-z]+)$ { } }", "$1$2", ["<1\\n><2>"]],
  ["a variable of itself", 'server { set $a "$a$uri"; }', "$a", ["<uri\\n>"]],
  [
    "captures of each other",
    "server { if ($1 ~ (x)) { } if ($2 ~ (x)(y)) { } }",
    "$1",
    ["<1>", "<1>"],
  ],
  ["an exact location", "server { location = /a { } }", "$uri", ["/a"]],
  ["an address of nobody's choice", "server { }", "$remote_addr", ["<remote_addr>"]],
];

for (const [name, configuration, text, expected] of ROWS) {
  test(`composition: ${name}`, () => assert.deepEqual(shown(configuration, text), expected));
}

test("the ways a text may come out are bounded", () => {
  const values = (count: number) =>
    Array.from({ length: count }, (_, at) => `k${at} v${at};`).join(" ");
  const map = (count: number) => `map $uri $m { ${values(count)} }\nserver { }`;
  assert.equal(shown(map(COMPOSITIONS_MAX), "$m").length, COMPOSITIONS_MAX);
  assert.equal(shown(map(COMPOSITIONS_MAX + 1), "$m").length, COMPOSITIONS_MAX);
});

test("variables are looked up so often and no more", () => {
  const before = "$remote_addr".repeat(LOOKUPS_MAX - 1);
  assert.match(shown("server { }", `${before}$uri`)[0] ?? "", /<uri\\n>$/);
  assert.doesNotMatch(shown("server { }", `${before}$remote_addr$uri`)[0] ?? "", /<uri/);
});

test("variables of variables end soon", () => {
  const sets = Array.from(
    { length: 60 },
    (_, at) => `if ($x) { set $v${at % 8} "$v${(at + 1) % 8}$v${(at + 3) % 8}$uri"; }`,
  );
  const started = process.cpuUsage();
  assert.ok(shown(`server { ${sets.join(" ")} }`, "$v0$v1$v2").length <= COMPOSITIONS_MAX);
  assert.ok(process.cpuUsage(started).user < 5_000_000);
});
