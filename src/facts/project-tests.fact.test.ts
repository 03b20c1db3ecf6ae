import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext, Target } from "../core/fact.ts";
import { HostError } from "../core/reading.ts";
import { createMemoryHost, type MemoryRun } from "../host/memory-host.ts";
import { projectTests } from "./project-tests.fact.ts";
import { TEST_FILES_MAX } from "./test-files.ts";

const ROOT = "/srv/app";

interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly run?: Readonly<Record<string, MemoryRun>>;
  readonly target?: Partial<Target>;
}

async function testsOf({ files, run = {}, target = {} }: Given) {
  const context: CollectContext = {
    host: createMemoryHost({
      files: Object.fromEntries(
        Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]),
      ),
      run,
    }),
    target: {
      directory: ROOT,
      urls: [],
      mode: "auto",
      compat: false,
      hostFacts: true,
      runsTests: true,
      ...target,
    },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  const tree = {
    files: Object.keys(files)
      .sort()
      .map((path) => ({ path, kind: "file" as const })),
    ...{ directories: [], isTruncated: false, unreadable: [] },
  };
  return projectTests.collect(context, { tree }, {});
}

async function commandsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const reading = await testsOf({ files, target: { runsTests: false } });
  assert.ok(reading.state === "known");
  return reading.value.runs.map(({ command }) => command);
}

const TEST = "tests/security/test_headers.py";
const PYTEST = "python3 -B -m pytest -p no:cacheprovider -vv --tb=line --color=no";

const COMMANDS: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
][] = [
  ["pytest by its configuration", { [TEST]: "", "pytest.ini": "" }, [`${PYTEST} ${TEST}`]],
  [
    "pytest by a requirement",
    { [TEST]: "", "requirements.txt": "pytest==8\n" },
    [`${PYTEST} ${TEST}`],
  ],
  [
    "the project's own interpreter",
    { [TEST]: "", "conftest.py": "", ".venv/bin/python": "" },
    [`.venv/bin/${PYTEST.replace("python3", "python")} ${TEST}`],
  ],
  [
    "Django",
    { "app/tests/test_csrf.py": "", "manage.py": "" },
    ["python3 -B manage.py test --noinput -v 2 app.tests.test_csrf"],
  ],
  ["unittest", { [TEST]: "" }, ["python3 -B -m unittest -v tests.security.test_headers"]],
  [
    "jest",
    { "src/xss.test.js": "", "package.json": '{"devDependencies":{"jest":"1"}}' },
    [
      "node_modules/.bin/jest --ci --json --cache=false --coverage=false --runTestsByPath src/xss.test.js",
    ],
  ],
  [
    "vitest",
    { "src/csrf.test.ts": "", "package.json": '{"devDependencies":{"vitest":"1"}}' },
    ["node_modules/.bin/vitest run --reporter=json --no-cache src/csrf.test.ts"],
  ],
  [
    "node",
    { "test/security.test.js": "" },
    ["node --test --test-reporter=junit test/security.test.js"],
  ],
  [
    "a name with a quote",
    { "tests/security/test_a'b.py": "" },
    ["python3 -B -m unittest -v 'tests.security.test_a'\\''b'"],
  ],
];

for (const [name, files, expected] of COMMANDS) {
  test(`project tests: ${name}`, async () => assert.deepEqual(await commandsOf(files), expected));
}

test("tests of something else, and helpers beside tests, are no security tests", async () => {
  for (const path of [
    "tests/test_models.py",
    "tests/security/helpers.py",
    "e2e/csrf.test.ts",
    "security/models.py",
  ])
    assert.equal((await testsOf({ files: { [path]: "" } })).state, "absent", path);
});

test("a file's name and a test's name say what they are about", async () => {
  const stdout = `${TEST}::test_a PASSED\ntests/security/test_b.py::test_csrf_token PASSED\n== 2 passed in 1s ==\n`;
  const reading = await testsOf({
    files: { [TEST]: "", "tests/security/test_b.py": "", "pytest.ini": "" },
    run: { python3: { exit: 0, stdout } },
  });
  assert.ok(reading.state === "known");
  const [run] = reading.value.runs;
  assert.ok(run?.result.state === "known");
  assert.deepEqual(
    run.result.value.cases.map(({ kinds }) => kinds.join(" ")),
    ["security headers", "security csrf"],
  );
});

type Refusal = readonly [name: string, given: Omit<Given, "files">, code: string];
const REFUSALS: readonly Refusal[] = [
  ["the flag is not given", { target: { runsTests: false } }, "not-granted"],
  ["the machine is not the audited one", { target: { hostFacts: false } }, "not-granted"],
  [
    "the runner is not there",
    { run: { python3: { exit: 1, stderr: "/usr/bin/python3: No module named pytest\n" } } },
    "tool-missing",
  ],
  [
    "the interpreter is not there",
    { run: { python3: new HostError("tool-missing", "python3 is not installed") } },
    "tool-missing",
  ],
  [
    "it prints without end",
    { run: { python3: new HostError("too-large", "python3: printed more") } },
    "too-large",
  ],
];

for (const [name, given, code] of REFUSALS) {
  test(`project tests: nothing is told where ${name}`, async () => {
    const reading = await testsOf({ files: { [TEST]: "", "pytest.ini": "" }, ...given });
    assert.ok(reading.state === "known");
    const [run] = reading.value.runs;
    assert.ok(run?.result.state === "unknown");
    assert.equal(run.result.problem.code, code);
  });
}

type End = readonly [
  name: string,
  run: MemoryRun,
  expected: readonly [timedOut: boolean, crashed: boolean, deselected: number],
];
const ENDS: readonly End[] = [
  [
    "whole",
    { exit: 0, stdout: `${TEST}::a PASSED\n== 1 passed, 2 deselected in 1s ==\n` },
    [false, false, 2],
  ],
  ["without a summary", { exit: 139, stdout: `${TEST}::a PASSED\n` }, [false, true, 0]],
  ["by a signal", { exit: null, stdout: "" }, [false, true, 0]],
  ["too late", new HostError("timed-out", "python3: no end"), [true, false, 0]],
];

for (const [name, run, expected] of ENDS) {
  test(`project tests: a run that ends ${name}`, async () => {
    const reading = await testsOf({
      files: { [TEST]: "", "pytest.ini": "" },
      run: { python3: run },
    });
    assert.ok(reading.state === "known");
    const result = reading.value.runs[0]?.result;
    assert.ok(result?.state === "known");
    const { isTimedOut, isCrashed, deselected } = result.value;
    assert.deepEqual([isTimedOut, isCrashed, deselected], expected);
  });
}

test("files are named up to a limit", async () => {
  const files = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`tests/security/test_${at}.py`, ""]),
    );
  const countOf = async (count: number) => {
    const reading = await testsOf({ files: files(count), target: { runsTests: false } });
    return reading.state === "known" ? reading.value.files.length : 0;
  };
  assert.deepEqual(
    [await countOf(TEST_FILES_MAX), await countOf(TEST_FILES_MAX + 1)],
    [TEST_FILES_MAX, TEST_FILES_MAX],
  );
});
