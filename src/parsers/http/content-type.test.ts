import assert from "node:assert/strict";
import { test } from "node:test";
import { isHtmlType, isScriptType, parseContentType } from "./content-type.ts";

for (const [values, expected, rules] of [
  [["text/html"], ["text/html"], []],
  [["Text/HTML; Charset=UTF-8"], ["text/html", "utf-8"], []],
  [['text/html;charset="utf-8"'], ["text/html", "utf-8"], []],
  [["text/html; charset = utf-8"], ["text/html"], []],
  [["text/html;charset=;charset=gbk"], ["text/html", "gbk"], []],
  [["text/html;charset=gbk;charset=utf-8"], ["text/html", "gbk"], []],
  // Fetch standard section 2.2.2, the examples of "extract a MIME type".
  [["text/plain;charset=gbk, text/html"], ["text/html"], ["repeated"]],
  [["text/html;charset=gbk;a=b, text/html;x=y"], ["text/html", "gbk"], ["repeated"]],
  [["text/html;charset=gbk;a=b", "text/html;x=y"], ["text/html", "gbk"], ["repeated"]],
  [["text/html;charset=gbk, x/x, text/html;x=y"], ["text/html"], ["repeated"]],
  [["text/html", "cannot-parse"], ["text/html"], ["invalid", "repeated"]],
  [["text/html", "*/*"], ["text/html"], ["repeated"]],
  [["text/html", ""], ["text/html"], ["invalid", "repeated"]],
  [["html"], undefined, ["invalid"]],
  [[], undefined, []],
] as const) {
  test(`Content-Type ${JSON.stringify(values)}`, () => {
    const { mediaType, problems } = parseContentType(values);
    const got =
      mediaType && [mediaType.essence, mediaType.charset].filter((part) => part !== undefined);
    assert.deepEqual([got, problems.map(({ rule }) => rule)], [expected, rules]);
  });
}

test("kinds of types", () => {
  assert.equal(isHtmlType({ essence: "application/xhtml+xml" }), true);
  assert.equal(isHtmlType({ essence: "text/plain" }), false);
  assert.equal(isScriptType({ essence: "text/javascript" }), true);
  assert.equal(isScriptType({ essence: "application/json" }), false);
});
