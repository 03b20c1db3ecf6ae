import assert from "node:assert/strict";
import { test } from "node:test";

import { clientVariables, REFERENCES_MAX, textSources } from "./client-variables.ts";
import { exampleModel } from "./example-model.ts";

function sources(text: string, http: string, server = "", other = ""): string {
  const model = exampleModel(`http {\n${http}\nserver { ${server} }\nserver { ${other} }\n}`);
  const path = model.servers[0]?.path ?? [];
  const { texts, choices, exemptions } = textSources(model, text, path);
  return [texts, choices, exemptions].map((names) => [...names].sort().join(" ")).join(" | ");
}

const cases: readonly [
  name: string,
  expected: string,
  text: string,
  http?: string,
  server?: string,
  other?: string,
][] = [
  ["a fixed text", " |  | ", "abc"],
  ["variables of nginx", "host http_x |  | ", "$host:${http_x}"],
  ["set", "http_x |  | ", "$a", "", "set $a $http_x;"],
  ["set in an if", "http_x |  | ", "$a", "", "if ($host) { set $a $http_x; }"],
  ["set of another server is not known here", "a |  | ", "$a", "", "", "set $a $http_x;"],
  ["a map of fixed texts", " | uri | ", "$a", "map $uri $a { default x; /y y; }"],
  ["a map of one text chooses nothing", " |  | ", "$a", "map $uri $a { default x; /y x; }"],
  ["a map without default may be empty", " | uri | ", "$a", "map $uri $a { /y y; }"],
  ["an exemption", "host | uri | uri", "$a", 'map $uri $a { default $host; /y ""; }'],
  [
    "a map of a map",
    "http_x | http_y uri | ",
    "$a",
    "map $uri $a { default $b; /y y; } map $http_y $b { default $http_x; z z; }",
  ],
  [
    "a chooser of a chooser",
    " | http_x | http_x",
    "$a",
    'map $b $a { default x; 1 ""; } map $http_x $b { default 0; y 1; }',
  ],
  ["a numbered group", "http_x | http_x | ", "$a", "map $http_x $a { default y; ~^(.) $1; }"],
  ["a named group", "http_x | http_x | ", "$a", "map $http_x $a { default y; '~^(?<n>.)' z$n; }"],
  ["geo by the client's address", " | remote_addr | ", "$a", "geo $a { default 0; 10.0.0.0/8 1; }"],
  ["geo by another", " | http_x | ", "$a", "geo $http_x $a { default 0; 10.0.0.0/8 1; }"],
  ["a circle ends", " | b | ", "$a", "map $b $a { default $a; x y; }"],
];
for (const [name, expected, text, http = "", server, other] of cases) {
  test(`sources of a text: ${name}`, () =>
    assert.equal(sources(text, http, server, other), expected));
}

test("what clients write", () => {
  const names = ["http_x", "arg_y", "cookie_z", "args", "proxy_add_x_forwarded_for"];
  assert.deepEqual(
    clientVariables(names),
    names.map((name) => `$${name}`),
  );
  assert.deepEqual(clientVariables(["host", "remote_addr", "scheme", "https", "uri"]), []);
});

test("limits: maps that refer to each other", () => {
  const chain = (length: number): string =>
    Array.from({ length }, (_, at) => `map $uri $v${at} { default $v${at + 1}; }`)
      .join("\n")
      .replace(`$v${length};`, "$http_x;");
  assert.equal(sources("$v0", chain(REFERENCES_MAX - 1)), "http_x |  | ");
  assert.equal(sources("$v0", chain(REFERENCES_MAX)), " |  | ");
});
