import assert from "node:assert/strict";
import { test } from "node:test";
import { findDirectives } from "./inherit.ts";
import { parseNginx } from "./parse.ts";
import { httpPaths } from "./server.ts";
import {
  LOOKUPS_MAX,
  REFERENCE_DEPTH_MAX,
  resolveText,
  VALUES_MAX,
  variablesIn,
} from "./variable.ts";

/** Resolves the first argument of `probe` where it stands. */
function resolved(http: string): readonly string[] | string {
  const tree = parseNginx(`http { ${http} }`, "f");
  assert.deepEqual(tree.problems, []);
  const [probe] = findDirectives(httpPaths(tree)[0] ?? [], "probe");
  assert.ok(probe);
  const result = resolveText(probe.directive.args[0]?.text ?? "", probe.path);
  return result.state === "resolved" ? result.values : `unresolved ${result.variables.join(" ")}`;
}

const CASES: readonly (readonly [
  name: string,
  http: string,
  expected: readonly string[] | string,
])[] = [
  ["no variable", "server { probe a:b; }", ["a:b"]],
  ["set in the server", "server { set $a x; location / { probe $a:${a}y; } }", ["x:xy"]],
  ["set by a set", 'server { set $a x; set $b "${a}-y"; probe $b; }', ["x-y"]],
  ["the last set wins", "server { set $a x; location / { set $a y; probe $a; } }", ["y"]],
  ["set in if may hold or not", "server { set $a x; if ($b) { set $a y; } probe $a; }", ["x", "y"]],
  ["set in if alone may be empty", "server { if ($b) { set $a y; } probe $a; }", ["", "y"]],
  [
    "a later set undoes the if",
    "server { if ($b) { set $a y; } location / { set $a z; probe $a; } }",
    ["z"],
  ],
  [
    "in the if itself",
    "server { set $a x; location / { if ($b) { set $a y; probe $a; } } }",
    ["y"],
  ],
  [
    "a set of another location",
    "server { location /o { set $a x; } location / { probe $a; } }",
    "unresolved a",
  ],
  [
    "a set of the outer location does not run",
    "server { location / { set $a x; location /i { probe $a; } } }",
    "unresolved a",
  ],
  [
    "map",
    'map $h $a { default x; ~re y; "" x; } server { probe http://$a; }',
    ["http://x", "http://y"],
  ],
  ["map without default", "map $h $a { k x; } server { probe $a; }", ["x", ""]],
  ["map with flags", "map $h $a { hostnames; volatile; default x; } server { probe $a; }", ["x"]],
  [
    "map with a file that could not be read",
    "map $h $a { default x; include gone.map; } server { probe $a; }",
    "unresolved a",
  ],
  ["map to a variable", "map $h $a { default $b; } server { set $b x; probe $a; }", ["x"]],
  ["map to the request", "map $h $a { default $host; } server { probe $a; }", "unresolved host"],
  [
    "geo with an address",
    "geo $remote_addr $a { default x; 10.0.0.0/8 y; } server { probe $a; }",
    ["x", "y"],
  ],
  ["split_clients", 'split_clients "$ip" $a { 50% x; * y; } server { probe $a; }', ["x", "y"]],
  ["the request", "server { probe $host/$uri; }", "unresolved host uri"],
  ["a capture by number", "server { probe a$1b; }", "unresolved 1"],
  ["a capture by name", "server { server_name ~^(?<a>.+)$; set $a x; probe $a; }", "unresolved a"],
  [
    "a sub-request",
    "server { set $a x; location / { auth_request_set $a y; probe $a; } }",
    "unresolved a",
  ],
  ["itself", "server { set $a $a; probe $a; }", "unresolved a"],
  ["each other", "server { set $a $b; set $b $a; probe $a; }", "unresolved a"],
];
for (const [name, http, expected] of CASES) {
  test(`resolved: ${name}`, () => assert.deepEqual(resolved(http), expected));
}

test("limits: values", () => {
  const map = (count: number): string => {
    const entries = Array.from({ length: count }, (_, index) => `k${index} v${index};`).join("");
    return `map $h $a { ${entries} default v0; } server { probe $a; }`;
  };
  assert.equal(resolved(map(VALUES_MAX)).length, VALUES_MAX);
  assert.equal(resolved(map(VALUES_MAX + 1)), "unresolved a");
  const bits = 'map $h $a { default 0; k 1; } server { probe "$a$a$a$a$a$a$a"; }';
  assert.match(String(resolved(bits)), /^unresolved/);
});

test("limits: variables by variables", () => {
  const chain = (length: number): string => {
    const sets = Array.from({ length }, (_, index) => `set $v${index + 1} $v${index};`).join("");
    return `server { set $v0 x; ${sets} probe $v${length}; }`;
  };
  assert.deepEqual(resolved(chain(REFERENCE_DEPTH_MAX - 1)), ["x"]);
  assert.match(String(resolved(chain(REFERENCE_DEPTH_MAX))), /^unresolved/);
});

test("variables in a text", () => {
  assert.deepEqual(variablesIn("$a-${b}c$1x $10 $ ${"), ["a", "b", "1", "1"]);
});

test("limits: lookups of one text", () => {
  const repeated = (count: number): string => `server { set $a x; probe "${"$a".repeat(count)}"; }`;
  assert.deepEqual(resolved(repeated(LOOKUPS_MAX)), ["x".repeat(LOOKUPS_MAX)]);
  assert.match(String(resolved(repeated(LOOKUPS_MAX + 1))), /^unresolved/);
});

test("limits: many ways to say the same thing do not multiply", () => {
  const maps = Array.from({ length: 7 }, (_, level) => {
    const entries = Array.from({ length: 60 }, (_, index) => {
      const empty = "$e".repeat(index % 3);
      return `k${index} "${empty}$v${level + 1}${"$e".repeat(Math.floor(index / 3))}";`;
    });
    return `map $h $v${level} { ${entries.join("")} default $v${level + 1}; }`;
  });
  const result = resolved(`${maps.join("\n")} server { set $e ""; set $v7 x; probe $v0; }`);
  assert.match(String(result), /^unresolved/);
});
