import assert from "node:assert/strict";
import { test } from "node:test";

import { secretLines } from "./proxy-suggest.ts";

test("lines with what a terminal obeys are in no diff; tabs and the ends of DOS lines are", () => {
  const text = 'a "\u001b[31m";\nb "\u009b";\nc "\u202e";\n\td x;\r\ne "é ü";\nf "a\rb";\n';
  assert.deepEqual([...secretLines(text, "nginx")], [1, 2, 3, 6]);
});
