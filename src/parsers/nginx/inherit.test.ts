import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BlockPath,
  effectiveList,
  effectiveScalar,
  findDirectives,
  ownDirectives,
} from "./inherit.ts";
import { type NginxDirective, parseNginx } from "./parse.ts";

/** The path made of the first block at each level. */
function deepest(text: string): BlockPath {
  const tree = parseNginx(text, "f");
  assert.deepEqual(tree.problems, []);
  const path: NginxDirective[] = [];
  for (let level = tree.directives; ; ) {
    const block = level.find((directive) => directive.block !== undefined);
    if (block === undefined) return path;
    path.push(block);
    level = block.block ?? [];
  }
}

const first = (list: readonly NginxDirective[]): readonly string[] =>
  list.map(({ args }) => args.map(({ text }) => text).join(" "));

test("scalar: the innermost wins, outer ones hold where there is none", () => {
  const path = deepest("http { a 1; b 1; c 1; server { a 2; b 2; location / { a 3; } } }");
  const value = (name: string): string | undefined => effectiveScalar(path, name)?.args[0]?.text;
  assert.deepEqual(["a", "b", "c", "d"].map(value), ["3", "2", "1", undefined]);
});

test("scalar: rivals override each other", () => {
  const path = deepest("server { alias /outer; location / { root /inner; } }");
  assert.equal(effectiveScalar(path, "root", "alias")?.name, "root");
});

test("scalar: a directive in a block beside the path does not count", () => {
  const path = deepest("http { server { location /x { a 1; } } } ").slice(0, 2);
  assert.equal(effectiveScalar(path, "a"), undefined);
});

const LISTS: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "inherited whole",
    "http { add_header A 1; add_header B 2; server { location / { } } }",
    ["A 1", "B 2"],
  ],
  [
    "replaced by one",
    "http { add_header A 1; server { add_header B 2; location / { } } }",
    ["B 2"],
  ],
  ["replaced by an empty one", 'http { add_header A 1; server { add_header "" ""; } }', [" "]],
  [
    "merge: own first, then outer",
    "http { add_header A 1; server { add_header_inherit merge; add_header B 2; location / { add_header C 3; } } }",
    ["C 3", "B 2", "A 1"],
  ],
  [
    "merge set outside is inherited",
    "http { add_header_inherit merge; add_header A 1; server { add_header B 2; } }",
    ["B 2", "A 1"],
  ],
  [
    "merge switched back on",
    "http { add_header_inherit merge; add_header A 1; server { add_header_inherit on; add_header B 2; } }",
    ["B 2"],
  ],
  [
    "off drops the outer ones",
    "http { add_header A 1; server { add_header_inherit off; location / { } } }",
    [],
  ],
  [
    "off at the middle only",
    "http { add_header A 1; server { add_header_inherit off; add_header B 2; location / { add_header_inherit on; } } }",
    ["B 2"],
  ],
];
for (const [name, text, expected] of LISTS) {
  test(`list: ${name}`, () => {
    assert.deepEqual(first(effectiveList(deepest(text), "add_header")), expected);
  });
}

test("list: add_header_inherit says nothing about other lists", () => {
  const path = deepest(
    "http { add_header_inherit merge; limit_req zone=a; server { limit_req zone=b; } }",
  );
  assert.deepEqual(first(effectiveList(path, "limit_req")), ["zone=b"]);
});

test("list: allow and deny are one", () => {
  const path = deepest("http { deny all; server { allow 10.0.0.0/8; location / { } } }");
  assert.deepEqual(first(effectiveList(path, "allow", "deny")), ["10.0.0.0/8"]);
});

test("list: headers-more adds up, outer first", () => {
  const path = deepest("http { more_set_headers A; server { more_set_headers B; } }");
  assert.deepEqual(first(effectiveList(path, "more_set_headers")), ["A", "B"]);
});

test("own directives are those of the innermost block", () => {
  const path = deepest("server { return 1; location / { return 2; if (a) { return 3; } } }");
  assert.deepEqual(first(ownDirectives(path.slice(0, 2), "return")), ["2"]);
  assert.deepEqual(ownDirectives([], "return"), []);
});

test("found below with their path, not in data blocks", () => {
  const tree = parseNginx("a 1; b { a 2; c { a 3; } } map $x $y { a 4; } types { a 5; }", "f");
  const main = { name: "main", args: [], block: tree.directives, file: "f", line: 1, column: 1 };
  assert.deepEqual(
    findDirectives([main], "a").map(({ directive, path }) => [
      directive.args[0]?.text,
      path.map(({ name }) => name).join(" "),
    ]),
    [
      ["1", "main"],
      ["2", "main b"],
      ["3", "main b c"],
    ],
  );
});
