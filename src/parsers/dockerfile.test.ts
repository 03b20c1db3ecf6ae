import assert from "node:assert/strict";
import { test } from "node:test";
import { contextCopy, dockerCommand, dockerUser, parseDockerfile } from "./dockerfile.ts";

test("instructions: continuations, comments inside them, heredocs, stages", () => {
  const { instructions } = parseDockerfile(
    '\uFEFF# syntax=docker/dockerfile:1\nARG V=1\nfrom python:3 AS base\nRUN a \\\n  # comment\n\n  b\nRUN <<EOF\nCMD no\nEOF\nFROM base\nCMD ["x"]\r\n',
  );
  assert.deepEqual(
    instructions.map(({ keyword, text, line, stage }) => [
      keyword,
      text.replace(/ +/g, " "),
      line,
      stage,
    ]),
    [
      ["ARG", "V=1", 2, -1],
      ["FROM", "python:3 AS base", 3, 0],
      ["RUN", "a b", 4, 0],
      ["RUN", "<<EOF", 8, 0],
      ["FROM", "base", 11, 1],
      ["CMD", '["x"]', 12, 1],
    ],
  );
});

test("the escape directive changes the continuation character", () => {
  const { instructions } = parseDockerfile("# escape=`\nFROM a\nRUN dir c:\\\nRUN a `\n b\n");
  assert.deepEqual(
    instructions.map(({ text }) => text.replace(/ +/g, " ")),
    ["a", "dir c:\\", "a b"],
  );
});

const COMMANDS: readonly (readonly [string, string | undefined, string | undefined, string?])[] = [
  ["FROM a\nCMD gunicorn -b :8000 app", "gunicorn -b :8000 app", undefined],
  ['FROM a\nCMD ["sh", "-c", "exec gunicorn \\"x\\""]', `sh -c 'exec gunicorn "x"'`, undefined],
  ['FROM a\nENTRYPOINT ["tini", "--"]\nCMD ["node", "a.js"]', "tini -- node a.js", undefined],
  ["FROM a\nCMD one\nCMD two\nUSER app:app", "two", "app:app"],
  ["FROM a AS base\nUSER app\nCMD one\nFROM base\nRUN x", "one", "app"],
  ["FROM a AS base\nUSER app\nCMD one\nFROM b", undefined, undefined],
  ["FROM a AS one\nCMD one\nFROM b AS two\nCMD two", "one", undefined, "one"],
  ["FROM a\nCMD [not json", "[not json", undefined],
  ["", undefined, undefined],
];
for (const [text, command, user, target] of COMMANDS) {
  test(`command and user of ${JSON.stringify(text)}`, () => {
    const file = parseDockerfile(text);
    assert.equal(dockerCommand(file, target)?.text, command);
    assert.equal(dockerUser(file, target)?.text, user);
  });
}

const COPIES: readonly (readonly [string, boolean])[] = [
  ["COPY . /app", true],
  ["COPY ./ /app/", true],
  ["ADD . .", true],
  ["COPY --chown=app:app . .", true],
  ['COPY [".", "/app"]', true],
  ["COPY requirements.txt . ", false],
  ["COPY * /app/", true],
  ["COPY --from=build . /app", false],
  ["COPY app /app", false],
  ["# COPY . /app", false],
  ["RUN COPY . /app", false],
];
for (const [line, isCopied] of COPIES) {
  test(`context copied by ${line}`, () =>
    assert.equal(contextCopy(parseDockerfile(`FROM a\n${line}\n`)) !== undefined, isCopied));
}
