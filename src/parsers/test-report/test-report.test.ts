import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJest } from "./jest.ts";
import { JUNIT_DEPTH_MAX, parseJunit } from "./junit.ts";
import { parsePytest } from "./pytest.ts";
import { MESSAGE_MAX, TEST_CASES_MAX, type TestReport } from "./test-case.ts";
import { parseUnittest } from "./unittest.ts";

function shown(report: TestReport | undefined): readonly string[] | undefined {
  return report?.cases.map(({ id, outcome, message }) =>
    [id, outcome, ...(message === undefined ? [] : [message])].join(" "),
  );
}

const SUMMARY = "\n==== 1 failed, 2 passed in 0.06s ====\n";

const PYTEST: readonly [name: string, text: string, expected: readonly string[] | undefined][] = [
  ["passed", `t/a.py::test_b PASSED                [ 25%]${SUMMARY}`, ["t/a.py::test_b passed"]],
  ["with blanks", `t/a.py::test_b[x y] FAILED [ 25%]${SUMMARY}`, ["t/a.py::test_b[x y] failed"]],
  [
    "skipped",
    `t/a.py::test_b SKIPPED (no https) [ 5%]${SUMMARY}`,
    ["t/a.py::test_b skipped no https"],
  ],
  [
    "expected",
    `t/a.py::test_b XFAIL\nt/a.py::test_c XPASS${SUMMARY}`,
    ["t/a.py::test_b expected-failure", "t/a.py::test_c passed"],
  ],
  [
    "an error behind",
    `t/a.py::test_b PASSED\nt/a.py::test_b ERROR${SUMMARY}`,
    ["t/a.py::test_b error"],
  ],
  ["by workers", `[gw0] [ 50%] PASSED t/a.py::test_b${SUMMARY}`, ["t/a.py::test_b passed"]],
  [
    "not collected",
    `ERROR t/a.py - ImportError: x\n=== 1 error in 0.1s ===\n`,
    ["t/a.py error ImportError: x"],
  ],
  ["nothing", "=== no tests ran in 0.01s ===\n", []],
  ["ended before its summary", "t/a.py::test_b PASSED\n", undefined],
  ["another program", "hello", undefined],
];

for (const [name, text, expected] of PYTEST) {
  test(`pytest: ${name}`, () => assert.deepEqual(shown(parsePytest(text)), expected));
}

const UNITTEST: readonly [name: string, text: string, expected: readonly string[] | undefined][] = [
  [
    "each outcome",
    "test_a (t.A.test_a) ... ok\ntest_b (t.A) ... FAIL\ntest_c (t.A)\nSays what. ... skipped 'why'\ntest_d (t.A) ... expected failure\ntest_e (t.A) ... unexpected success\ntest_f (t.A) ... ERROR\n\nRan 6 tests in 0.1s\n",
    [
      "t.A::test_a passed",
      "t.A::test_b failed",
      "t.A::test_c skipped 'why'",
      "t.A::test_d expected-failure",
      "t.A::test_e failed",
      "t.A::test_f error",
    ],
  ],
  [
    "a class that could not be set up",
    "ERROR: setUpClass (t.A)\n\nRan 0 tests in 0.0s\n",
    ["t.A::setUpClass error"],
  ],
  ["nothing ran", "Ran 0 tests in 0.0s\n\nOK\n", []],
  ["no run", "ImproperlyConfigured: x\n", undefined],
];

for (const [name, text, expected] of UNITTEST) {
  test(`unittest: ${name}`, () => assert.deepEqual(shown(parseUnittest(text)), expected));
}

const JUNIT: readonly [name: string, text: string, expected: readonly string[] | undefined][] = [
  [
    "each outcome",
    `<?xml version="1.0"?><testsuites><testsuite><testcase classname="a.B" name="c"/><testcase name="d"><failure message="x &amp; y">z</failure></testcase><testcase name="e"><skipped type="pytest.xfail" message="m"/></testcase><testcase name="f"><skipped/></testcase><testcase name="g"><error>boom</error></testcase></testsuite></testsuites>`,
    ["a.B::c passed", "d failed x & yz", "e expected-failure m", "f skipped", "g error boom"],
  ],
  ["no report", "<html><testcase name='a'/></html>", undefined],
  [
    "entities are not expanded",
    `<!DOCTYPE x [<!ENTITY a "bbbb">]><testsuite><testcase name="&a;"/></testsuite>`,
    ["&a; passed"],
  ],
  ["nested as deep as is read", `<testsuite>${"<a>".repeat(JUNIT_DEPTH_MAX - 1)}`, []],
  ["nested deeper", `<testsuite>${"<a>".repeat(JUNIT_DEPTH_MAX)}`, undefined],
];

for (const [name, text, expected] of JUNIT) {
  test(`JUnit: ${name}`, () => assert.deepEqual(shown(parseJunit(text)), expected));
}

const JEST: readonly [name: string, text: string, expected: readonly string[] | undefined][] = [
  [
    "each outcome",
    `noise\n${JSON.stringify({
      testResults: [
        {
          name: "/a.test.js",
          assertionResults: [
            { fullName: "a b", status: "passed" },
            { title: "c", status: "failed", failureMessages: ["x\ny"] },
            { title: "d", status: "pending" },
            { title: "e", status: "weird" },
          ],
        },
      ],
    })}`,
    [
      "/a.test.js::a b passed",
      "/a.test.js::c failed x",
      "/a.test.js::d skipped",
      "/a.test.js::e error",
    ],
  ],
  [
    "a file that does not run",
    JSON.stringify({
      testResults: [
        { name: "/a.test.js", status: "failed", message: "SyntaxError", assertionResults: [] },
      ],
    }),
    ["/a.test.js error SyntaxError"],
  ],
  ["no JSON", "{ oops", undefined],
  ["other JSON", "{}", undefined],
];

for (const [name, text, expected] of JEST) {
  test(`jest: ${name}`, () => assert.deepEqual(shown(parseJest(text)), expected));
}

test("tests are kept up to a limit, and a cut is told", () => {
  const report = (count: number) =>
    parseJunit(`<testsuite>${'<testcase name="a"/>'.repeat(count)}</testsuite>`);
  assert.deepEqual(
    [report(TEST_CASES_MAX)?.isCut, report(TEST_CASES_MAX + 1)?.isCut],
    [false, true],
  );
  assert.equal(report(TEST_CASES_MAX + 1)?.cases.length, TEST_CASES_MAX);
});

test("messages are cut", () => {
  const text = `<testsuite><testcase name="a"><failure message="${"x".repeat(MESSAGE_MAX + 1)}"/></testcase></testsuite>`;
  assert.equal(parseJunit(text)?.cases[0]?.message?.length, MESSAGE_MAX);
});

test("hostile reports take time in proportion to their length", () => {
  const before = process.cpuUsage().user;
  const line = `${"a::".repeat(700)} (`;
  parsePytest(`${`${line}\n`.repeat(2_000)}${SUMMARY}`);
  parseUnittest(`${"test_a (a) ... skipped".repeat(50_000)}\nRan 1 test in 1s\n`);
  parseJunit(`<testsuite>${"<testcase>".repeat(60_000)}`);
  assert.ok(process.cpuUsage().user - before < 3_000_000);
});
