import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseEnv } from "node:util";
import { ASSIGNMENTS_MAX, EXPANDED_LENGTH_MAX } from "./dotenv/scan.ts";
import { DOTENV_LOADERS, type DotenvLoader, readDotenv } from "./dotenv.ts";

const DATA = new URL("../../test/data/dotenv/", import.meta.url);
const CASES = readFileSync(new URL("cases.env", DATA), "utf8");

function valuesOf(text: string, loader: DotenvLoader): Record<string, string> {
  const { assignments } = readDotenv(text, loader);
  return Object.fromEntries(assignments.map(({ key, value }) => [key, value]));
}

/** Pseudo-random texts from pieces that matter, the same ones in every run (mulberry32). */
function uglyTexts(seed: number, count: number, pieces: readonly string[]): readonly string[] {
  let state = seed;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(24) }, () => pieces[below(pieces.length)]).join(""),
  );
}

describe("measured cases", () => {
  const measured: readonly [string, DotenvLoader][] = [
    ["pydotenv", "python-dotenv"],
    ["djenviron", "django-environ"],
    ["nodedotenv", "node-dotenv"],
    ["node24", "node-parse-env"],
  ];
  for (const [name, loader] of measured) {
    test(`${loader} reads as measured`, () => {
      const expected = JSON.parse(readFileSync(new URL(`expected.${name}.txt`, DATA), "utf8"));
      assert.deepEqual(valuesOf(CASES, loader), expected);
    });
  }

  test("bash reads as measured, but for the command it does not run", () => {
    const expected = JSON.parse(readFileSync(new URL("expected.bash.txt", DATA), "utf8"));
    const { assignments } = readDotenv(CASES, "bash");
    const commands = assignments.filter(({ runsCommand }) => runsCommand);
    assert.deepEqual(
      commands.map(({ key, value }) => [key, value]),
      [["Q", "`bt $A`"]],
    );
    assert.deepEqual({ ...valuesOf(CASES, "bash"), Q: "" }, expected);
  });
});

describe("against the real readers", () => {
  test("node-parse-env is util.parseEnv", () => {
    const pieces =
      "A|B|export |export|=|=|=|\n|\n|\n| |\t|\"|\"|'|'|`|#| #|\\|\\n|${A}|$|x|y z|\r\n|\r|:|}|é|-";
    const texts = uglyTexts(3, 4_000, pieces.split("|"));
    for (const text of [...texts, "A=   \nB=2", "export B=\nC=1", "A='\nB=1", "A=1\n  B=2  \n"]) {
      const { "": _nameless, ...expected } = parseEnv(text);
      assert.deepEqual(valuesOf(text, "node-parse-env"), expected, JSON.stringify(text));
    }
  });

  const hasBash = spawnSync("bash", ["-c", "exit 0"]).status === 0;
  test("bash is bash", { skip: hasBash ? false : "bash is not installed" }, () => {
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-dotenv-"));
    const file = join(directory, "env");
    // Nothing here can start a program: no substitution, and PATH leads nowhere.
    const pieces =
      "A|B|C|export A|=|=|=|\n|\n|\n| |\t|\"|\"|'|'|#| #|\\|\\n|\\\"|${A}|${X:-d}|$A|x|y z|;|$'|+=|$1|${A:+y}";
    try {
      for (const text of uglyTexts(5, 250, pieces.split("|"))) {
        writeFileSync(file, text);
        const script =
          'set -a; PATH=/nonexistent; . "$0" >/dev/null; printf "%s\\0" "${A-?}" "${B-?}" "${C-?}"';
        const { stdout } = spawnSync("bash", ["--norc", "-c", script, file], {
          env: {},
          encoding: "utf8",
        });
        const { A = "?", B = "?", C = "?" } = valuesOf(text, "bash");
        assert.deepEqual([A, B, C, ""], stdout.split("\0"), JSON.stringify(text));
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("systemd EnvironmentFile=", () => {
  const cases: readonly [string, Record<string, string>][] = [
    ["A=v # c", { A: "v # c" }],
    ["# A=1\n; B=2\nC=3", { C: "3" }],
    ["export A=1\nB=2", { B: "2" }],
    ["A=one\\\ntwo", { A: "onetwo" }],
    ['A="l1\nl2"', { A: "l1\nl2" }],
    ['A="x\\\ny"', { A: "xy" }],
    ["A='it'\\''s'", { A: "it''s'" }],
    ['A="a"b', { A: "ab" }],
    ['A="\\$x \\n \\\\"', { A: "$x \\n \\" }],
    ["A = v  \r\nB=w\r\n", { A: "v", B: "w" }],
    ["\ufeffA=1\nB=2", { B: "2" }],
    ["# c \\\nA=1", { A: "1" }],
    ["A=\nB=''", { A: "", B: "" }],
    ["A='open\nB=1", { A: "open\nB=1" }],
    ["A=1\0B=2\nC=3", { A: "1" }],
    ["1A=x\nA-B=y\nC=$D `e`", { C: "$D `e`" }],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(valuesOf(text, "systemd"), expected));
  }
});

describe("compose env_file:", () => {
  const cases: readonly [string, Record<string, string>][] = [
    ["A=v # c\nB=un#no\nC=   # note", { A: "v", B: "un#no", C: "# note" }],
    ["export A=1\nB: yaml", { A: "1", B: "yaml" }],
    ["A=x\nB=\"${A}-$A\"\nC='${A}'", { A: "x", B: "x-x", C: "${A}" }],
    ["A=${M:-d}${M-e}${M:+f}", { A: "de" }],
    ["A=${M:-${N:-n}}", { A: "n" }],
    ["A=a$$b", { A: "a$b" }],
    ['A="l\\n\\t\\$x\\0101"', { A: "l\n\t$xA" }],
    ['A="say \\"hi\\""', { A: 'say "hi"' }],
    ["\ufeffA=1", { A: "1" }],
    ['A="open\nB=2', { B: "2" }],
    ["A=x$(date)", { A: "x$(date)" }],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(valuesOf(text, "compose"), expected));
  }

  test("a name alone is taken from the surrounding environment", () => {
    const { assignments } = readDotenv("A\nB\n", "compose", (name) =>
      name === "B" ? "out" : undefined,
    );
    assert.deepEqual(
      assignments.map(({ key, value }) => [key, value]),
      [["B", "out"]],
    );
  });

  test("a required variable that is not set is a problem", () => {
    assert.deepEqual(readDotenv("A=${B:?x}", "compose").problems, [
      { line: 1, message: "compose refuses the file: a required variable is not set" },
    ]);
  });
});

describe("catalog G4 under python-dotenv", () => {
  const cases: readonly [string, Record<string, string>][] = [
    ["K=1\nK=2", { K: "2" }],
    ["export K=1", { K: "1" }],
    ["K = v", { K: "v" }],
    ["K=v # c", { K: "v" }],
    ["K=  # only a comment", { K: "" }],
    ["K='a # b'", { K: "a # b" }],
    ["K=1\r\nL=2\r\n", { K: "1", L: "2" }],
    ["\ufeffK=1", { K: "1" }],
    ["A=x\nK=${A}", { A: "x", K: "x" }],
    ['K="$(python3 -c x)"', { K: "$(python3 -c x)" }],
    ["K=", { K: "" }],
    ["# K=1", {}],
    ["K=1\nK", {}],
    ["not a line\nK=1", { K: "1" }],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(valuesOf(text, "python-dotenv"), expected));
  }

  test("the surrounding environment wins inside ${NAME}", () => {
    const { assignments } = readDotenv("A=in\nK=${A}", "python-dotenv", () => "out");
    assert.equal(assignments[1]?.value, "out");
  });

  test("line, column and raw text are those of the file", () => {
    const { assignments } = readDotenv("# c\r\n  export K='v' # d\r\n", "python-dotenv");
    assert.deepEqual(assignments, [
      { key: "K", value: "v", line: 2, column: 10, raw: "'v'", runsCommand: false },
    ]);
  });
});

describe("hostile input", () => {
  const LENGTH = 200_000;
  const hostile: Readonly<Record<string, string>> = {
    zeros: "\0".repeat(LENGTH),
    quotes: '"'.repeat(LENGTH),
    "open quotes": "A='x\\\n".repeat(LENGTH / 6),
    "escaped quotes": `A="${'\\"'.repeat(LENGTH)}`,
    "open braces": `A="${"${a:-".repeat(LENGTH / 5)}"`,
    "open substitutions": `A=${"$(".repeat(LENGTH)}`,
    backticks: `A=${"`".repeat(LENGTH)}`,
    "blank lines": "\n".repeat(LENGTH),
    "blank runs": `A=x${" ".repeat(LENGTH)}y #`,
    names: "A\n".repeat(LENGTH),
    exports: "export ".repeat(LENGTH / 7),
    "mappings without comment": "A: x\n".repeat(LENGTH / 5),
    "invalid bytes": "\ufffd=\ufffd\n".repeat(LENGTH / 4),
  };
  for (const loader of DOTENV_LOADERS) {
    test(`${loader} reads it in time that grows with the text`, () => {
      for (const [name, text] of Object.entries(hostile)) {
        const start = performance.now();
        readDotenv(text, loader);
        assert.ok(performance.now() - start < 3_000, name);
      }
    });

    test(`${loader} keeps at most ${ASSIGNMENTS_MAX} assignments`, () => {
      const lines = Array.from({ length: ASSIGNMENTS_MAX + 1 }, (_, index) => `K${index}=v`);
      const full = readDotenv(lines.slice(0, -1).join("\n"), loader);
      assert.deepEqual([full.assignments.length, full.problems], [ASSIGNMENTS_MAX, []]);
      const over = readDotenv(lines.join("\n"), loader);
      assert.equal(over.assignments.length, ASSIGNMENTS_MAX);
      assert.deepEqual(
        over.problems.map(({ line }) => line),
        [ASSIGNMENTS_MAX + 1],
      );
    });
  }

  for (const loader of ["python-dotenv", "bash", "compose"] as const) {
    test(`${loader}: values that double each other stay small`, () => {
      const doubling = 'A="${A}${A}"\n'.repeat(60);
      const { assignments, problems } = readDotenv(`A=${"x".repeat(16)}\n${doubling}`, loader);
      const longest = Math.max(...assignments.map(({ value }) => value.length));
      assert.ok(longest <= EXPANDED_LENGTH_MAX);
      assert.ok(problems.length > 0);
    });
  }
});
