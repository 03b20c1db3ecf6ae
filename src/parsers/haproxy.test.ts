import assert from "node:assert/strict";
import { test } from "node:test";
import { effectiveLine, LINE_WORDS_MAX, parseHaproxy, splitHaproxyLine } from "./haproxy.ts";

const LINES: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["  bind :443 ssl crt /c # crt /x", ["bind", ":443", "ssl", "crt", "/c"]],
  ["a\\ b \\# c#d", ["a b", "#", "c"]],
  ['"a # b" \'c "d" ${X}\' e"f g"', ["a # b", 'c "d" ${X}', "ef g"]],
  ['${X} "${X}/y" ${NOPE} ${NOPE-z}', ["value", "value/y", "${NOPE}", "z"]],
  ['"" x', ["", "x"]],
  ["# all", []],
];
for (const [text, expected] of LINES)
  test(`haproxy line: ${text}`, () => {
    const { words } = splitHaproxyLine(text, (name) => (name === "X" ? "value" : undefined));
    assert.deepEqual(
      words.map((word) => word.text),
      expected,
    );
  });

test("sections, positions, conditions", () => {
  const text = "global\n  daemon\nfrontend f\n  bind :80\n.if defined(X)\n  bind :81\n.endif\n";
  const { sections, problems } = parseHaproxy([{ file: "h.cfg", text }]);
  assert.deepEqual(
    sections.map(({ kind, name, line, lines }) => [
      kind,
      name,
      line,
      lines.map((each) => [each.keyword, each.line, each.column, each.isConditional]),
    ]),
    [
      ["global", "", 1, [["daemon", 2, 3, false]]],
      [
        "frontend",
        "f",
        3,
        [
          ["bind", 4, 3, false],
          ["bind", 6, 3, true],
        ],
      ],
    ],
  );
  assert.deepEqual(problems, []);
});

test("defaults: the last one above, a named one, one from another, none", () => {
  const text =
    "frontend early\ndefaults a\n mode tcp\n timeout client 1s\ndefaults b from a\n mode http\nfrontend f\nfrontend g from a\nfrontend h\n mode tcp\ndefaults\n";
  const configuration = parseHaproxy([{ file: "h.cfg", text }]);
  const mode = (name: string, keyword = "mode") => {
    const section = configuration.sections.find((each) => each.name === name);
    return section === undefined
      ? "?"
      : effectiveLine(configuration, section, keyword)
          ?.args.map(({ text: word }) => word)
          .join(" ");
  };
  assert.equal(mode("early"), undefined);
  assert.equal(mode("f"), "http");
  assert.equal(mode("f", "timeout"), "client 1s");
  assert.equal(mode("g"), "tcp");
  assert.equal(mode("h"), "tcp");
});

test("problems: words before any section, open quote, too many words", () => {
  const words = `frontend f\n acl ${"x ".repeat(LINE_WORDS_MAX)}\n`;
  assert.deepEqual(
    parseHaproxy([{ file: "h", text: 'bind :80\nfrontend f\n acl "x\n' }]).problems,
    [
      { file: "h", line: 1, message: "bind stands before any section" },
      { file: "h", line: 3, message: "a quote has no end" },
    ],
  );
  assert.equal(parseHaproxy([{ file: "h", text: words }]).problems.length, 1);
  assert.deepEqual(
    parseHaproxy([{ file: "h", text: words.replace("x ", "").replace("x ", "") }]).problems,
    [],
  );
});

test("hostile text neither throws nor takes long", () => {
  const started = performance.now();
  for (const text of [
    '"'.repeat(100_001),
    "\\".repeat(100_001),
    "${".repeat(50_000),
    "frontend\n".repeat(50_000),
    "\0\n".repeat(50_000),
    "defaults x from x\n".repeat(20_000),
  ])
    parseHaproxy([{ file: "h", text }]);
  assert.ok(performance.now() - started < 5_000);
});
