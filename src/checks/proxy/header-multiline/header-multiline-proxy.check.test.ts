import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { headerMultiline, proxyHeaderMultilineProxy } from "./header-multiline-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["one line", "server { add_header A 'b c'; root /srv; }", []],
  [
    "a value over two lines",
    "server {\nadd_header A 'b\n c'; root /srv; }",
    ["header-multiline:2 note"],
  ],
  [
    "an escape that becomes a line break",
    'server {\nadd_header A "b\\nc"; root /srv; }',
    ["header-multiline:2 note"],
  ],
  ["words on two lines", "server {\nadd_header A\n b; root /srv; }", []],
  [
    "by a map",
    "map $uri $v { default 'a\nb'; }\nserver {\nadd_header A $v; }",
    ["header-multiline:4 note"],
  ],
  ["a log format may", "log_format x 'a\nb'; server { root /srv; }", []],
  ["more_set_headers", "server {\nmore_set_headers 'A: b\n c'; }", ["header-multiline:2 note"]],
  [
    "in an if",
    "server { location / { if ($arg_a) {\nadd_header A 'b\n c'; } } }",
    ["header-multiline:2 note"],
  ],
  ["replaced by one on one line", "add_header A 'b\n c'; server { add_header A b; }", []],
];

for (const [name, text, expected] of cases) {
  test(`header-multiline: ${name}`, () =>
    assert.deepEqual(found([headerMultiline], text), expected));
}

const outcomes: readonly [text: string, worst: "pass" | "note"][] = [
  ["server { add_header A b; }", "pass"],
  ["server { add_header A 'b\n c'; }", "note"],
];

for (const [text, worst] of outcomes) {
  test(`proxy.header-multiline: a pass, at most with a note: ${worst}`, () => {
    const outcome = proxyHeaderMultilineProxy.evaluate({}, nginxWanted(text));
    assert.ok(outcome.status === "pass");
    assert.equal(outcome.notes?.[0]?.status ?? "pass", worst);
  });
}
