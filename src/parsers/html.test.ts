import assert from "node:assert/strict";
import { test } from "node:test";

import { ATTRIBUTE_CHARACTERS_MAX, ELEMENTS_MAX } from "../core/http-page.ts";
import { DEPTH_MAX, readHtml } from "./html.ts";

const read = (html: string) => readHtml(html, (text) => `<${text}>`);

test("scripts keep what loads or allows them, with their place", () => {
  const { scripts } = read(
    '<head>\n <script src="a.js" integrity="x" nonce=n></script><SCRIPT>1<2</SCRIPT>',
  );
  assert.deepEqual(scripts, [
    { src: "a.js", integrity: "x", nonce: "n", at: { line: 2, column: 2 } },
    { inline: { sha256: "<1<2>", length: 3 }, at: { line: 2, column: 52 } },
  ]);
});

test("what is a comment, a title or a text area is no element", () => {
  const page = read(
    "<!-- <script> --><title><script></title><textarea><script></script></textarea><p onclick=a()>",
  );
  assert.deepEqual(page.scripts, []);
  assert.deepEqual(
    page.handlers.map(({ element, attribute }) => [element, attribute]),
    [["p", "onclick"]],
  );
});

test("metas tell whether they are in the head", () => {
  const { metas } = read('<meta name=a><body><meta http-equiv="B" content="&amp;">');
  assert.deepEqual(
    metas.map(({ at: _, ...meta }) => meta),
    [
      { name: "a", isInHead: true },
      { httpEquiv: "B", content: "&", isInHead: false },
    ],
  );
});

test("forms hold their inputs, never a value", () => {
  const { forms } = read(
    "<form method=POST action=/x><input type=hidden name=t value=secret><select name=s></form>",
  );
  assert.deepEqual(forms[0]?.inputs, [
    { name: "t", type: "hidden", valueLength: 6 },
    { name: "s", type: "select", valueLength: 0 },
  ]);
  assert.equal(forms[0]?.method, "post");
});

test("an unclosed script is one all the same", () => {
  assert.equal(read("<script src=https://a/").scripts.length, 0);
  assert.equal(read("<script src=https://a/>x").scripts.length, 1);
});

test("a script element of SVG names its script by href, one of HTML does not", () => {
  const hrefs = (html: string) =>
    read(html).scripts.map(({ svgHref, inline }) => [svgHref, inline?.length]);
  assert.deepEqual(hrefs("<svg><script href=a.js>1</script></svg><script href=b.js>1</script>"), [
    ["a.js", undefined],
    [undefined, 1],
  ]);
  assert.deepEqual(hrefs("<svg/><script href=a.js></script><svg><script xlink:href=b.js />"), [
    [undefined, 0],
    ["b.js", undefined],
  ]);
});

test("a page nested to the limit is read, a deeper one is cut, in time", () => {
  const nested = (depth: number) =>
    read(`${"<div>".repeat(depth)}${" ".repeat(20_000)}<script src=a></script>`);
  assert.deepEqual([nested(DEPTH_MAX).cut, nested(DEPTH_MAX).scripts.length], [[], 1]);
  const deeper = nested(DEPTH_MAX + 1);
  assert.deepEqual([deeper.cut, deeper.scripts.length], [["nested elements"], 0]);
  // Without the limit this takes minutes.
  assert.deepEqual(nested(800_000).cut, ["nested elements"]);
});

test("lists and attributes end at their limits", () => {
  const many = (count: number) => read("<script src=a></script>".repeat(count));
  assert.deepEqual([many(ELEMENTS_MAX).scripts.length, many(ELEMENTS_MAX).cut], [ELEMENTS_MAX, []]);
  assert.deepEqual(
    [many(ELEMENTS_MAX + 1).scripts.length, many(ELEMENTS_MAX + 1).cut],
    [ELEMENTS_MAX, ["scripts"]],
  );
  const long = (length: number) => read(`<base href="${"a".repeat(length)}">`).base?.length;
  assert.equal(long(ATTRIBUTE_CHARACTERS_MAX), ATTRIBUTE_CHARACTERS_MAX);
  assert.equal(long(ATTRIBUTE_CHARACTERS_MAX + 1), ATTRIBUTE_CHARACTERS_MAX);
});
