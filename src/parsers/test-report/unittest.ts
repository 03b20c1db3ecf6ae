import { shortMessage, TEST_CASES_MAX, type TestCase, type TestReport } from "./test-case.ts";

/** `test_a (tests.security.test_x.TestX.test_a) ... ok`; the dots may stand on the docstring's line behind it. */
const START = /^(\w+) \(([\w.<>]+)\)/;
const END = /\.\.\. (ok|FAIL|ERROR|skipped ?(.*)|expected failure|unexpected success)$/;
const RAN = /^Ran (\d{1,7}) tests? in /m;

const OUTCOMES: Readonly<Record<string, TestCase["outcome"]>> = {
  ok: "passed",
  FAIL: "failed",
  ERROR: "error",
  "expected failure": "expected-failure",
  "unexpected success": "failed",
};

/** What Python's unittest and Django's test runner print with `-v`. `undefined` where no run was counted. */
export function parseUnittest(text: string): TestReport | undefined {
  if (!RAN.test(text)) return undefined;
  const cases: TestCase[] = [];
  let id = "";
  for (const line of text.split("\n")) {
    const start = START.exec(line);
    if (start !== null) id = idOf(start);
    const end = END.exec(line);
    if (end === null || id === "") continue;
    cases.push(caseOf(id, end));
    id = "";
  }
  // What fails while a module or class is set up is told in a block of its own.
  const told = new Set(cases.map((each) => each.id));
  for (const block of text.matchAll(/^ERROR: (\w+) \(([\w.<>]+)\)$/gm)) {
    const own = idOf(block);
    if (!told.has(own)) cases.push({ id: own, outcome: "error" });
    told.add(own);
  }
  return { cases: cases.slice(0, TEST_CASES_MAX), isCut: cases.length > TEST_CASES_MAX };
}

function idOf([, name = "", where = ""]: readonly (string | undefined)[]): string {
  const holder = where.endsWith(`.${name}`) ? where.slice(0, -name.length - 1) : where;
  return `${holder}::${name}`;
}

function caseOf(id: string, [, word = "", reason = ""]: RegExpExecArray): TestCase {
  if (word.startsWith("skipped")) return { id, outcome: "skipped", ...shortMessage(reason) };
  return { id, outcome: Object.hasOwn(OUTCOMES, word) ? (OUTCOMES[word] ?? "error") : "error" };
}
