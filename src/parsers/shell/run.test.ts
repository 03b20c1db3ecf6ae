import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { followShell, SHELL_CALLS_MAX, SHELL_STEPS_MAX } from "./run.ts";
import { SHELL_DEPTH_MAX } from "./tree.ts";

interface Given {
  readonly words?: readonly string[];
  readonly areWordsUnknown?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly hidden?: readonly string[];
}

/** Each end as `words | NAME=value NAME?`, a path that only may be taken with `~` before it. */
function ends(script: string, { words = [], areWordsUnknown, env = {}, hidden = [] }: Given = {}) {
  const run = followShell(script, areWordsUnknown ? undefined : words, (name) => {
    if (hidden.includes(name)) return { state: "unknown" };
    const text = env[name];
    return text === undefined ? { state: "unset" } : { state: "set", text };
  });
  assert.ok(run.ok, JSON.stringify(run));
  return run.ends.map(({ words: started, isCertain, exports }) => {
    const told = [...exports].map(([name, { value }]) => {
      if (value.state === "set") return ` ${name}=${value.text}`;
      return value.state === "unset" ? ` !${name}` : ` ${name}?`;
    });
    return `${isCertain ? "" : "~"}${started.join(" ")}${told.join("")}`;
  });
}

const CASE = `#!/bin/sh
set -e
run_server() { export WORKERS=2
  exec gunicorn app; }
case "$1" in
  server) shift; run_server ;;
  dev|dev_server)
    export FLASK_DEBUG=1
    exec flask run "$@"
    ;;
  *) exec "$@" ;;
esac
`;

describe("the branch that the arguments choose", () => {
  const cases: readonly (readonly [string, string, Given, readonly string[]])[] = [
    ["a function behind an arm", CASE, { words: ["server"] }, ["gunicorn app WORKERS=2"]],
    ["one of two patterns", CASE, { words: ["dev"] }, ["flask run dev FLASK_DEBUG=1"]],
    ["whatever was given", CASE, { words: ["celery", "-A", "x"] }, ["celery -A x"]],
    [
      "arguments nobody knows",
      CASE,
      { areWordsUnknown: true },
      ["~gunicorn app WORKERS=2", '~flask run "$@" FLASK_DEBUG=1', '~"$@"'],
    ],
    [
      "a pattern with a star",
      'case "$1" in dev*) export A=1;; *) export A=0;; esac\nexec x',
      { words: ["devel"] },
      ["x A=1"],
    ],
    [
      "an arm that falls through",
      "case $1 in a) export A=1 ;& b) export B=1 ;; c) export C=1;; esac\nexec x",
      { words: ["a"] },
      ["x A=1 B=1"],
    ],
    [
      "an open parenthesis before a pattern",
      "case $1 in (a) export A=1;; esac; exec x",
      { words: ["a"] },
      ["x A=1"],
    ],
    [
      "if and test",
      'if [ "$1" = "dev" ]; then export A=1; elif test "$1" = x; then export B=1; else export C=1; fi\nexec x',
      { words: ["x"] },
      ["x B=1"],
    ],
    [
      "[[ with a pattern",
      '[[ "$1" == dev* && -z "$2" ]] && export A=1\nexec x',
      { words: ["dev"] },
      ["x A=1"],
    ],
    [
      "a number",
      'if [ "$#" -eq 0 ]; then set -- gunicorn app; fi\nexec "$@"',
      {},
      ["gunicorn app"],
    ],
    ["a flag first", 'set -- server "$@"\nexec "$@"', { words: ["-p"] }, ["server -p"]],
    ["shift", 'shift 2; exec "$@"', { words: ["a", "b", "c"] }, ["c"]],
  ];
  for (const [name, script, given, expected] of cases) {
    test(name, () => assert.deepEqual(ends(script, given), expected));
  }
});

describe("what is exported", () => {
  const cases: readonly (readonly [string, string, Given, readonly string[]])[] = [
    ["a default of its own", 'export A="${A:-1}"\nexec x', {}, ["x A=1"]],
    [
      "a default that the environment sets aside",
      "export A=${A:-1}\nexec x",
      { env: { A: "0" } },
      ["x A=0"],
    ],
    ["a default for what is not known", "export A=${A:-1}\nexec x", { hidden: ["A"] }, ["x A?"]],
    [": with :=", ': "${A:=1}"\nexport A\nexec x', {}, ["x A=1"]],
    ["set and not exported", "A=1\nexec x", {}, ["x"]],
    ["exported before it is set", "export A\nA=1\nexec x", {}, ["x A=1"]],
    ["one that came with the environment", "A=1\nexec x", { env: { A: "0" } }, ["x A=1"]],
    ["set -a", "set -a\nA=1\nset +a\nB=1\nexec x", {}, ["x A=1"]],
    ["before exec", "A=1 B=$C exec x", { env: { C: "2" } }, ["x A=1 B=2"]],
    [
      "before the last command",
      "A=1 python manage.py migrate\nB=1 gunicorn app",
      {},
      ["gunicorn app B=1"],
    ],
    ["declare -x", "declare -x A=1\ndeclare B=1\nexec x", {}, ["x A=1"]],
    ["no longer", "export A=1\nunset A\nexec x", {}, ["x !A"]],
    ["from a command", "export A=$(cat /run/secrets/a)\nexec x", {}, ["x A?"]],
    ["single quotes", "export A='$B'\nexec x", { env: { B: "1" } }, ["x A=$B"]],
    ["lower case", "export A=${B,,}\nexec x", { env: { B: "TRUE" } }, ["x A=true"]],
    [
      "joined",
      'export A="http://${B}:$C/"\nexec x',
      { env: { B: "h", C: "1" } },
      ["x A=http://h:1/"],
    ],
    ["appended", "export A=1\nA+=2\nexec x", {}, ["x A=12"]],
    ["a subshell keeps it", "(export A=1)\nexec x", {}, ["x"]],
    ["a pipeline keeps it", "export A=1 | cat\nexec x", {}, ["x"]],
    [
      "a comment, a here-document and a text",
      "# export A=1\ncat <<EOF\nexport A=1\nEOF\necho 'export A=1'\nexec x",
      {},
      ["x"],
    ],
    ["read", "read -r A\nexport A\nexec x", {}, ["x A?"]],
    ["behind what is sourced", ". ./.env\nexport A=${B:-1}\nexec x", {}, ["x A?"]],
    [
      "behind the activation of a virtual environment",
      ". /opt/venv/bin/activate\nexport A=${B:-1}\nexec x",
      {},
      ["x A=1"],
    ],
    ["an array is not known", "export A\nA=(1 2)\nexec x", {}, ["x A?"]],
  ];
  for (const [name, script, given, expected] of cases) {
    test(name, () => assert.deepEqual(ends(script, given), expected));
  }
});

describe("what hangs on what is not known", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["a file", "if [ -f /x ]; then export A=1; fi\nexec x", ["x A?"]],
    ["agreement", "if [ -f /x ]; then export A=1; else export A=1; fi\nexec x", ["x A=1"]],
    ["a command", "probe && export A=1\nexec x", ["x A?"]],
    ["one of two programs", "if [ -f /x ]; then exec dev; fi\nexec x", ["~dev", "~x"]],
    ["exit starts nothing", "[ -f /x ] || exit 1\nif ! probe; then exit 2; fi\nexec x", ["x"]],
    ["a loop", "while ! nc -z db 1; do sleep 1; A=1; done\nexport A\nexec x", ["x A?"]],
    ["a loop over a list", "for A in 1 2; do export B=$A; done\nexec x", ["x B?"]],
    ["a function that returns", "f() { [ -f /x ] && return; export A=1; }\nf\nexec x", ["~x A=1"]],
    ["false", "false && export A=1\nfalse || export B=1\nexec x", ["x B=1"]],
    ["not", "! true && export A=1\nexec x", ["x"]],
    ["exit of usage beside no program", "echo usage\nls\nexit 0", ["ls"]],
  ];
  for (const [name, script, expected] of cases) {
    test(name, () => assert.deepEqual(ends(script), expected));
  }
});

describe("what is no script, and limits", () => {
  const refused: readonly (readonly [string, string, number])[] = [
    ["an if that does not end", "a\nif b; then c\n", 2],
    ["an esac alone", "case a in\nb\n", 2],
    ["a parenthesis", "a )", 1],
  ];
  for (const [name, script, line] of refused) {
    test(name, () => {
      const run = followShell(script, [], () => ({ state: "unset" }));
      assert.ok(!run.ok);
      assert.equal(run.line, line);
    });
  }

  const follow = (script: string) => followShell(script, [], () => ({ state: "unset" }));
  test("depth", () => {
    const nested = (depth: number) => `${"{ ".repeat(depth)}a${"; }".repeat(depth)}`;
    assert.equal(follow(nested(SHELL_DEPTH_MAX - 1)).ok, true);
    assert.equal(follow(nested(SHELL_DEPTH_MAX)).ok, false);
    assert.equal(follow("! ".repeat(100_000)).ok, false);
  });
  test("steps", () => {
    assert.equal(follow("a\n".repeat(SHELL_STEPS_MAX)).ok, true);
    assert.equal(follow("a\n".repeat(SHELL_STEPS_MAX + 1)).ok, false);
  });
  test("calls: a function that calls itself ends", () => {
    const run = follow("f() { f; }\nf\nexec x");
    assert.ok(run.ok);
    assert.deepEqual(
      run.ends.map(({ words }) => words[0]),
      ["x"],
    );
    const chain = Array.from({ length: SHELL_CALLS_MAX }, (_, at) => `f${at}() { f${at + 1}; }`);
    const last = follow(`${chain.join("\n")}\nf0`);
    assert.ok(last.ok);
    assert.deepEqual(
      last.commands.map(({ words }) => words[0]),
      [`f${SHELL_CALLS_MAX}`],
    );
  });
  test("branches that do not agree do not multiply", () => {
    const run = follow(`${"if p; then A=1; else A=2; fi\n".repeat(500)}exec x`);
    assert.ok(run.ok);
    assert.equal(run.ends.length, 1);
  });
  test("any text ends", () => {
    for (const text of [
      "$(",
      "${",
      '"',
      "`",
      "'",
      "<<",
      "<<EOF",
      "case",
      "[[",
      "(((",
      "{",
      "f()",
      "\0\uFFFF",
    ]) {
      follow(text.repeat(50));
    }
  });
});
