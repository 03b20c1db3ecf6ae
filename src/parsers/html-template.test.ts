import assert from "node:assert/strict";
import { test } from "node:test";
import { isFilledIn, maskTemplate } from "./html-template.ts";

/** With `P` for what is printed and `C` for what controls. */
function shown(text: string): string {
  return maskTemplate(text).replaceAll("\uE000", "P").replaceAll("\uE001", "C");
}

const CASES: readonly [name: string, text: string, expected: string][] = [
  ["Jinja", '<a href="{{ x }}">', '<a href="PPPPPPP">'],
  ["quotes of the expression", '<a b="{{ f("c>") }}">', '<a b="PPPPPPPPPPPPP">'],
  [
    "a condition around an attribute",
    '<a{% if x %}b="c"{% endif %}>',
    '<a CCCCCCCC b="c" CCCCCCCCC >',
  ],
  ["a tag that prints", '<a b="{% static "c" %}">', '<a b=" CCCCCCCCCCCCCC ">'],
  ["a comment", "a{# <script> #}b", "a              b"],
  ["a block comment", "{% comment %}<b>{% endcomment %}c", `${" ".repeat(32)}c`],
  ["a comment of Handlebars", "{{!-- <b> }} --}}c", `${" ".repeat(17)}c`],
  ["EJS", '<a b="<%= c %>"><% if (d) { %>', '<a b="PPPPPPPP"> CCCCCCCCCCCC '],
  ["PHP", "<?= $a ?>", "PPPPPPPPP"],
  ["without end", "{{ a <b>", "{{ a <b>"],
  ["without end, a second time", "{{ a {{ b", "{{ a {{ b"],
  ["lines stay", "{{ a\n}}b", "PPPP\nPPb"],
  ["an id in a style", "{#a{b:c}}", "{#a{b:c}}"],
];

for (const [name, text, expected] of CASES) {
  test(`template: ${name}`, () => assert.equal(shown(text), expected));
}

test("a value is filled in by an engine or not", () => {
  assert.deepEqual(
    [isFilledIn(maskTemplate("{{ a }}")), isFilledIn("${a}"), isFilledIn("abc")],
    [true, true, false],
  );
});

test("openers without end take time in proportion to the text", () => {
  const before = process.cpuUsage().user;
  for (const opener of ["{{", "{%", "{#", "<%", "<?", "{% comment %}"])
    maskTemplate(opener.repeat(100_000));
  assert.ok(process.cpuUsage().user - before < 3_000_000);
});
