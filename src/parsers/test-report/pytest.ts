import { shortMessage, TEST_CASES_MAX, type TestCase, type TestReport } from "./test-case.ts";

const WORDS = "PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS";
/** `tests/test_a.py::test_b[1 2] SKIPPED (no https) [ 25%]`. */
const LINE = new RegExp(
  `^(\\S[^\\n]*::[^\\n]*?) (${WORDS})(?: \\((.*)\\))?\\s*(?:\\[ *\\d{1,3}%\\])?$`,
);
/** Of pytest-xdist: `[gw0] [ 25%] PASSED tests/test_a.py::test_b`. */
const WORKER_LINE = new RegExp(`^\\[gw\\d+\\](?: \\[ *\\d{1,3}%\\])? (${WORDS}) (\\S[^\\n]*)$`);
/** In the short summary: a file that could not be collected. */
const UNCOLLECTED = /^ERROR ([^\s:]+\.py)(?: - (.*))?$/;
const SUMMARY =
  /^=* ?((?:\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun)(?:, )?)+|no tests ran) in [\d.:]+s/m;

const OUTCOMES: Readonly<Record<string, TestCase["outcome"]>> = {
  PASSED: "passed",
  XPASS: "passed",
  FAILED: "failed",
  ERROR: "error",
  SKIPPED: "skipped",
  XFAIL: "expected-failure",
};
const LINE_MAX = 2_000;

/**
 * What pytest prints with `-vv --color=no`. `undefined` where it did not come to its summary: then it was ended, or
 * what ran it printed something else.
 */
export function parsePytest(text: string): TestReport | undefined {
  if (!SUMMARY.test(text)) return undefined;
  const cases = new Map<string, TestCase>();
  for (const raw of text.split("\n")) {
    const each = caseIn(raw.slice(0, LINE_MAX).trimEnd());
    const before = each === undefined ? undefined : cases.get(each.id);
    // A test that passed and errs when it is taken down has two lines.
    if (each !== undefined && before?.outcome !== "error") cases.set(each.id, each);
    if (cases.size > TEST_CASES_MAX) break;
  }
  const kept = [...cases.values()];
  return { cases: kept.slice(0, TEST_CASES_MAX), isCut: kept.length > TEST_CASES_MAX };
}

function caseIn(line: string): TestCase | undefined {
  const plain = LINE.exec(line);
  if (plain !== null) return caseOf(plain[1], plain[2], plain[3]);
  const worker = WORKER_LINE.exec(line);
  if (worker !== null) return caseOf(worker[2], worker[1], undefined);
  const uncollected = UNCOLLECTED.exec(line);
  return uncollected === null ? undefined : caseOf(uncollected[1], "ERROR", uncollected[2]);
}

function caseOf(
  id: string | undefined,
  word: string | undefined,
  reason: string | undefined,
): TestCase | undefined {
  const outcome = word === undefined ? undefined : OUTCOMES[word];
  if (id === undefined || outcome === undefined) return undefined;
  return { id: id.slice(0, 500), outcome, ...shortMessage(reason ?? "") };
}
