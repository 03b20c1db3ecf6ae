import assert from "node:assert/strict";
import { test } from "node:test";

import type { Edit } from "../../core/check.ts";
import { placeEdits } from "./splice.ts";
import { diffHeader, unifiedHunks } from "./unified-diff.ts";

const LINES = Array.from({ length: 20 }, (_, at) => `d${at + 1};\n`).join("");

function replaced(lines: readonly number[], text = "x;"): readonly Edit[] {
  return lines.map((line) => ({ file: "f", line, action: "replace", text }));
}

function hunks(text: string, edits: readonly Edit[], hidden: readonly number[] = []) {
  const { splices } = placeEdits(text, edits, "nginx");
  const diff = unifiedHunks(text, splices, { isShown: (line) => !hidden.includes(line + 1) });
  return { hunks: diff.hunks, leftOut: diff.hidden.length };
}

test("a change stands in three lines of context", () => {
  assert.deepEqual(hunks(LINES, replaced([10])), {
    hunks: "@@ -7,7 +7,7 @@\n d7;\n d8;\n d9;\n-d10;\n+x;\n d11;\n d12;\n d13;\n",
    leftOut: 0,
  });
});

test("changes six lines apart share a hunk, changes further apart do not", () => {
  assert.equal(hunks(LINES, replaced([4, 11])).hunks.match(/^@@/gm)?.length, 1);
  assert.equal(hunks(LINES, replaced([4, 12])).hunks.match(/^@@/gm)?.length, 2);
});

test("the second hunk counts from what the first one changed", () => {
  const { hunks: text } = hunks(LINES, [...replaced([2], ""), ...replaced([18], "x;\ny;")]);
  assert.deepEqual(text.match(/^@@.*$/gm), ["@@ -1,5 +1,4 @@", "@@ -15,6 +14,7 @@"]);
});

test("a last line without a line break is marked", () => {
  assert.equal(
    hunks("a;", replaced([1])).hunks,
    "@@ -1,1 +1,1 @@\n-a;\n\\ No newline at end of file\n+x;\n\\ No newline at end of file\n",
  );
});

test("a change that changes nothing is none", () => {
  assert.equal(hunks("a;\n", replaced([1], "a;")).hunks, "");
});

test("context ends before a line that may not be shown", () => {
  const { hunks: text, leftOut } = hunks(LINES, replaced([10]), [8, 12]);
  assert.equal(text, "@@ -9,3 +9,3 @@\n d9;\n-d10;\n+x;\n d11;\n");
  assert.equal(leftOut, 0);
});

for (const hidden of [9, 10, 11]) {
  test(`a change beside a line that may not be shown is left out: ${hidden}`, () => {
    assert.deepEqual(hunks(LINES, replaced([10]), [hidden]), { hunks: "", leftOut: 1 });
  });
}

const names: readonly [file: string, header: string][] = [
  ["nginx.conf", "--- ./nginx.conf\n+++ ./nginx.conf\n"],
  ["a b.conf", "--- ./a b.conf\t\n+++ ./a b.conf\t\n"],
  ["a\nb", '--- "./a\\012b"\n+++ "./a\\012b"\n'],
  ["/etc/nginx/nginx.conf", "--- /etc/nginx/nginx.conf\n+++ /etc/nginx/nginx.conf\n"],
];

for (const [file, header] of names) {
  test(`header of ${JSON.stringify(file)}`, () => assert.equal(diffHeader(file), header));
}
