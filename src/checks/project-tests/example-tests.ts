/** Runs of tests for the tests of checks; nothing here runs in an audit. */
import { known, unknown } from "../../core/reading.ts";
import type { ProjectTests, SecurityCase, TestResult } from "../../facts/project-tests.fact.ts";

const FILE = { path: "tests/security/test_headers.py", kinds: ["security", "headers"] } as const;

export function caseOf(
  outcome: SecurityCase["outcome"],
  kinds: SecurityCase["kinds"] = ["security"],
  id = "tests.security.test_a::test_b",
): SecurityCase {
  return { id, outcome, kinds };
}

/** One run of pytest that ended with these tests. */
export function ranWith(
  cases: readonly SecurityCase[],
  more: Partial<TestResult> = {},
): ProjectTests {
  const isBad = cases.some(({ outcome }) => outcome === "failed" || outcome === "error");
  return testsOf(
    known({
      cases,
      exit: isBad ? 1 : 0,
      isTimedOut: false,
      isCrashed: false,
      deselected: 0,
      ...more,
    }),
  );
}

/** The flag was not given. */
export const NOT_RUN = testsOf(unknown("not-granted", "run with --run-tests only"));

function testsOf(result: ProjectTests["runs"][number]["result"]): ProjectTests {
  const run = {
    runner: "pytest" as const,
    command: "python3 -m pytest tests/security",
    files: [FILE],
    result,
  };
  return { files: [FILE], runs: [run] };
}
