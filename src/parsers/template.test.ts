import assert from "node:assert/strict";
import { test } from "node:test";

import { neutraliseTemplate, PLACES_MAX } from "./template.ts";

const cases: readonly [name: string, text: string, plain: string, places: readonly string[]][] = [
  ["no template", "server { listen 80; }\n", "server { listen 80; }\n", []],
  [
    "Jinja and Helm expressions become words",
    "a;\nserver_name {{ name }};\n  root {{ .Values.root }};",
    "a;\nserver_name __________;\n  root __________________;",
    ["2:13 braces", "3:8 braces"],
  ],
  [
    "control tags become blanks",
    "{% if x %}\nlisten 443;\n{% endif %}",
    "          \nlisten 443;\n           ",
    ["1:1 tag", "3:1 tag"],
  ],
  [
    "ERB",
    "<% if x %>\nlisten <%= port %>;",
    "          \nlisten ___________;",
    ["1:1 tag", "2:8 braces"],
  ],
  ["envsubst", "server_name ${DOMAIN};\n", "server_name ${DOMAIN};\n", ["1:13 variable"]],
  [
    "a variable of the file's own",
    "set ${A} 1;\nreturn 200 ${A};\n",
    "set ${A} 1;\nreturn 200 ${A};\n",
    [],
  ],
  ["a variable of nginx", "return 200 ${host};\n", "return 200 ${host};\n", []],
  ["JSON in a format", 'log_format j \'{"a":{"b":1}}\';', 'log_format j \'{"a":{"b":1}}\';', []],
  ["a comment behind a brace", "http {# why\n #}\n}", "http {# why\n #}\n}", []],
  ["Lua tables", "a_by_lua_block { x = {{ y }} }\n", "a_by_lua_block { x = {{ y }} }\n", []],
];

for (const [name, text, plain, places] of cases) {
  test(`templates: ${name}`, () => {
    const found = neutraliseTemplate(text);
    assert.equal(found.text, plain);
    assert.deepEqual(
      found.places.map(({ line, column, kind }) => `${line}:${column} ${kind}`),
      places,
    );
  });
}

for (const [count, listed] of [
  [PLACES_MAX, PLACES_MAX],
  [PLACES_MAX + 1, PLACES_MAX],
] as const) {
  test(`of ${count} places ${listed} are listed`, () => {
    assert.equal(neutraliseTemplate("a {{ b }};\n".repeat(count)).places.length, listed);
  });
}
