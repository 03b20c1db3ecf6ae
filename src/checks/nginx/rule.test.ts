import assert from "node:assert/strict";
import { test } from "node:test";

import { applySplices, placeEdits } from "../../parsers/edits/splice.ts";
import { exampleModel } from "./example-model.ts";
import { insertInEdit } from "./rule.ts";

/** A text with a directive put first into its `http`. */
function withFirst(text: string): string {
  const http = exampleModel(text).https[0]?.at(-1);
  assert.ok(http);
  return applySplices(text, placeEdits(text, insertInEdit(http, "x;"), "nginx").splices);
}

const cases: readonly [name: string, text: string, expected: string][] = [
  ["into http as it stands", "http {\n  a;\n}\n", "http {\n  x;\n  a;\n}\n"],
  ["before the first server of a snippet", "server {\n}\n", "x;\nserver {\n}\n"],
  ["behind a comment of a snippet", "# a site\nserver {\n}\n", "# a site\nx;\nserver {\n}\n"],
];

for (const [name, text, expected] of cases) {
  test(`insert-in: ${name}`, () => assert.equal(withFirst(text), expected));
}
