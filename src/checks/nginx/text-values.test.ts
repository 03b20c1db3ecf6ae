import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleModel } from "./example-model.ts";
import { givenNames, NAMES_TRIED_MAX, OVER_TLS, textValues } from "./text-values.ts";

/** Values of a text in the first server of what stands in `http`. */
function valuesOf(text: string, configuration: string): readonly string[] | undefined {
  const [server] = exampleModel(`${configuration} server { server_name a.test; }`).servers;
  assert.ok(server !== undefined);
  return textValues(text, server.path, OVER_TLS);
}

const cases: readonly [
  name: string,
  text: string,
  configuration: string,
  values: readonly string[] | undefined,
][] = [
  ["a text", "a b", "", ["a b"]],
  ["a given variable", "$scheme://x", "", ["https://x"]],
  ["in braces", "${scheme}s", "", ["httpss"]],
  ["not a longer name", "$schemes", "", undefined],
  ["a map of a given variable", "$v", "map $scheme $v { http a; https b; }", ["b"]],
  ["its default", "$v", "map $scheme $v { http a; default c; }", ["c"]],
  ["its default is empty", "$v", "map $scheme $v { http a; }", [""]],
  ["a pattern of it", "$v", 'map $https $v { "" a; ~. b; }', ["b"]],
  ["an escaped key", "$v", "map $https $v { \\on a; default b; }", ["a"]],
  ["a map of what is not known", "$v", "map $uri $v { /a 1; /b 2; default 3; }", ["1", "2", "3"]],
  ["a map without default", "$v", "map $uri $v { /a 1; }", ["1", ""]],
  ["a map of a map", "$w", "map $scheme $v { https x; } map $v $w { x 1; default 2; }", ["1"]],
  ["maps in a circle", "$v", "map $w $v { default 1; } map $v $w { default 2; }", ["1"]],
  ["a map that names itself", "$v", "map $uri $v { default $v; }", [""]],
  ["what a request decides", "$http_x", "", undefined],
];

for (const [name, text, configuration, values] of cases) {
  test(`values: ${name}`, () => assert.deepEqual(valuesOf(text, configuration), values));
}

test("names of a server are tried one by one, up to a limit", () => {
  const given = (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `a${at}.test`).join(" ");
    const [server] = exampleModel(`server { server_name ${names}; }`).servers;
    assert.ok(server !== undefined);
    return givenNames(server);
  };
  assert.equal(given(NAMES_TRIED_MAX).length, NAMES_TRIED_MAX);
  assert.equal(given(2)[1]?.get("host"), "a1.test");
  assert.deepEqual(given(NAMES_TRIED_MAX + 1), [OVER_TLS]);
});
