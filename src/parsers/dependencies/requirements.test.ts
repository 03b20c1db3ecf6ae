import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { holds } from "../../../test/fuzzing.ts";
import {
  isForOtherSystem,
  parseRequirements,
  REQUIREMENT_CHARS_MAX,
  REQUIREMENTS_MAX,
} from "./requirements.ts";

const CASES: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["django==4.2.1", ["1 django 4.2.1"]],
  ["Django == 4.2.1  # why", ["1 Django 4.2.1"]],
  ["\uFEFFdjango==4.2.1\r\nflask==2.0\r\n", ["1 django 4.2.1", "2 flask 2.0"]],
  ["a===1.0-weird", ["1 a 1.0-weird"]],
  ["a (==1.0)", ["1 a 1.0"]],
  ["a==1.0,!=1.1", ["1 a 1.0"]],
  ["a[x,y]==1.0", ["1 a 1.0"]],
  ["a [x] == 1.0 ; python_version < '3.9'", ["1 a 1.0 ; python_version < '3.9'"]],
  ["a==1.*", ["1 a -"]],
  ["a>=1.0", ["1 a -"]],
  ["a~=1.0", ["1 a -"]],
  ["a", ["1 a -"]],
  ["# a==1.0\n\nb==1", ["3 b 1"]],
  ["a==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2", ["1 a 1.0", "4 b 2"]],
  ["a==\\\n1.0", ["1 a 1.0"]],
  ["a==1.0 \\\n# note\nb==2", ["1 a 1.0", "3 b 2"]],
  [
    "-r base.txt\n--requirement=x.txt\n-c con.txt\n--constraint c2.txt",
    ["1 -r base.txt", "2 -r x.txt", "3 -c con.txt", "4 -c c2.txt"],
  ],
  ["-rbase.txt", ["1 -r base.txt"]],
  ["--index-url https://user:secret@x.test/simple\n--no-binary :all:", []],
  [
    "-e .\n-e git+https://u:secret@x.test/y.git#egg=own",
    ["1 a package from a directory or file", "2 own from a repository or URL"],
  ],
  [
    "./dist/a-1.0.whl\na.tar.gz",
    ["1 a package from a directory or file", "2 a package from a directory or file"],
  ],
  ["own @ https://u:secret@x.test/own.zip", ["1 own from a repository or URL"]],
  ["https://x.test/own.zip", ["1 a package from a repository or URL"]],
  ["a==1.0 b==2", ["! 1 this is no requirement"]],
  ["<<<<<<< HEAD", ["! 1 this is no requirement"]],
  ["a==", ["! 1 this is no requirement"]],
  ["a==1.0\\", ["1 a 1.0"]],
];
for (const [text, expected] of CASES) {
  test(`requirements ${JSON.stringify(text)}`, () => {
    const { requirements, includes, skipped, problems } = parseRequirements(text);
    assert.deepEqual(
      [
        ...requirements.map(
          ({ line, name, version, condition }) =>
            `${line} ${name} ${version ?? "-"}${condition ? ` ; ${condition}` : ""}`,
        ),
        ...includes.map(
          ({ line, path, isConstraint }) => `${line} ${isConstraint ? "-c" : "-r"} ${path}`,
        ),
        ...skipped.map(({ line, name, reason }) => `${line} ${name} ${reason}`),
        ...problems.map(({ line, message }) => `! ${line} ${message}`),
      ],
      expected,
    );
  });
}

test("lines, and characters of a line, up to their limits", () => {
  const lines = (count: number) => parseRequirements("a==1\n".repeat(count)).problems.length;
  assert.deepEqual([lines(REQUIREMENTS_MAX), lines(REQUIREMENTS_MAX + 1)], [0, 1]);
  const long = (count: number) =>
    parseRequirements(`a==1${" ".repeat(count - 5)}x`).problems[0]?.message;
  assert.equal(long(REQUIREMENT_CHARS_MAX), "this is no requirement");
  assert.equal(long(REQUIREMENT_CHARS_MAX + 1), "a line of it is too long");
});

for (const [condition, isOther] of [
  ["sys_platform == 'win32'", true],
  ['python_version >= "3.8" and platform_system == "Windows"', true],
  ["(os_name == 'nt')", true],
  ["sys_platform != 'win32'", false],
  ["sys_platform == 'linux'", false],
  ["sys_platform == 'win32' or python_version < '3.8'", false],
  ["python_version < '3.8'", false],
] as const) {
  test(`the marker ${condition} is for other systems: ${isOther}`, () => {
    assert.equal(isForOtherSystem(condition), isOther);
  });
}

test("no text makes the reader throw, and no line lies outside of it", () => {
  const piece = fc.constantFrom(
    "a",
    "==",
    "1.0",
    "\n",
    "\\\n",
    " ",
    ";",
    "#",
    "-r ",
    "--hash=x",
    "[",
    "@",
    "(",
    ",",
    "*",
  );
  holds(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const { requirements, problems } = parseRequirements(text);
      const lines = text.split("\n").length;
      for (const { line } of [...requirements, ...problems]) assert.ok(line >= 1 && line <= lines);
    }),
    2_000,
  );
});
