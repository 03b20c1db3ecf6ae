import assert from "node:assert/strict";
import { test } from "node:test";
import { readGunicornBind } from "./gunicorn-config.ts";

const CASES: readonly (readonly [string, readonly string[] | undefined, number?])[] = [
  ['bind = "127.0.0.1:8000"', ["127.0.0.1:8000"], 1],
  ["import os\nbind='unix:/run/g.sock'  # socket\nworkers = 3", ["unix:/run/g.sock"], 2],
  ['bind: str = "0.0.0.0:1"', ["0.0.0.0:1"], 1],
  ['bind = [\n  "127.0.0.1:1",  # one\n  \'[::1]:2\',\n]\nx = "y"', ["127.0.0.1:1", "[::1]:2"], 1],
  ['bind = ("a:1", "b:2")', ["a:1", "b:2"], 1],
  ['bind = "a:1"\nbind = "b:2"', ["b:2"], 2],
  ['bind = f"0.0.0.0:{PORT}"', ["0.0.0.0:$COMPUTED"], 1],
  ['bind = os.getenv("BIND", "0.0.0.0:8000")', [], 1],
  ['# bind = "0.0.0.0:1"', undefined],
  ['"""\nbind = "0.0.0.0:1"\n"""\nworkers = 1', undefined],
  ['if x:\n    bind = "0.0.0.0:1"', undefined],
  ["bind == 1", undefined],
  ["", undefined],
];
for (const [text, addresses, line] of CASES) {
  test(`bind of ${JSON.stringify(text)}`, () => {
    const bind = readGunicornBind(text);
    assert.deepEqual(bind?.addresses, addresses);
    assert.equal(bind?.line, line);
  });
}
