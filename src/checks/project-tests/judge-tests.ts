import {
  cannotTell,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../core/check.ts";
import type {
  ProjectTests,
  SecurityCase,
  TestResult,
  TestRun,
} from "../../facts/project-tests.fact.ts";
import type { TestKind } from "../../facts/test-files.ts";

/** A run that came to an end, whichever. */
export interface EndedRun {
  readonly run: TestRun;
  readonly result: TestResult;
}

/** The runs, or why one of them did not take place: then nothing is told of any. */
export function endedRuns({ runs }: ProjectTests): readonly EndedRun[] | Outcome {
  const ended: EndedRun[] = [];
  for (const run of runs) {
    if (run.result.state === "known") ended.push({ run, result: run.result.value });
    else return unanswered(run);
  }
  return ended;
}

function unanswered({ result, command }: TestRun): Outcome {
  if (result.state === "known") return notApplicable("it was run");
  const { code, detail } =
    result.state === "unknown"
      ? result.problem
      : { code: "unsupported" as const, detail: result.reason };
  return cannotTell(code, `${detail}: plimsoll audit --run-tests, or by hand: ${command}`);
}

/** What keeps a run from telling anything: it did not end, or nothing ran. */
export function runFaults({ run, result }: EndedRun): readonly Finding[] {
  const { isTimedOut, isCrashed, exit, cases } = result;
  const fault = (rule: string, message: string): readonly Finding[] => [
    {
      ...{ rule, status: "fail", subject: run.runner, message },
      fix: `Run it and see: ${run.command}`,
      evidence: [commandEvidence(run)],
    },
  ];
  if (isTimedOut) return fault("tests-timed-out", `${run.runner} did not end within its time`);
  // pytest exits 5 where nothing was collected.
  if (cases.length === 0 && (!isCrashed || exit === 5 || exit === 0))
    return fault("tests-none-ran", `${run.runner} ran no test`);
  if (isCrashed) return fault("tests-crashed", `${run.runner} gave no whole report (exit ${exit})`);
  const hasFailed = cases.some(isFailure);
  return exit !== 0 && !hasFailed
    ? fault("tests-crashed", `${run.runner} exited ${exit}, though no test of its report failed`)
    : [];
}

export function isFailure({ outcome }: SecurityCase): boolean {
  return outcome === "failed" || outcome === "error";
}

/** Tests named in one finding's evidence. */
const NAMED_MAX = 20;

/** One finding for all tests that failed. */
export function failureFindings(
  { run }: EndedRun,
  failed: readonly SecurityCase[],
): readonly Finding[] {
  const [first] = failed;
  if (first === undefined) return [];
  const more = failed.length > 1 ? ` and ${failed.length - 1} more` : "";
  return [
    {
      ...{ rule: "tests-failed", status: "fail", subject: run.runner },
      message: `${first.id} ${first.outcome === "error" ? "ended in an error" : "failed"}${more}`,
      fix: `Mend what it shows, then: ${run.command}`,
      evidence: [caseEvidence(first), ...failed.slice(1, NAMED_MAX).map(caseEvidence)],
    },
  ];
}

export function caseEvidence({ id, outcome, message }: SecurityCase): Evidence {
  return { excerpt: message === undefined ? `${id}: ${outcome}` : `${id}: ${outcome}, ${message}` };
}

export function commandEvidence({ command, files }: TestRun): Evidence {
  const [file] = files;
  return { ...(file !== undefined && { file: file.path }), excerpt: command };
}

/** The rule of `tests.headers`, `tests.csrf` and `tests.xss`: some ran, and none failed. */
export function judgeKind(tests: ProjectTests, kind: TestKind, noun: string): Outcome {
  const ended = endedRuns(tests);
  if ("status" in ended) return ended;
  const cases = ended.flatMap(({ run, result }) =>
    result.cases
      .filter(({ kinds, outcome }) => kinds.includes(kind) && outcome !== "skipped")
      .map((each) => ({ run, each })),
  );
  const [first] = ended;
  if (first === undefined) return notApplicable("the project has no security tests of its own");
  if (cases.length === 0) {
    const message = `No test of ${noun} ran`;
    const fix = `Add tests of ${noun} (a file named test_${kind}.py or ${kind}.test.js), then: ${first.run.command}`;
    const evidence = [commandEvidence(first.run)] as const;
    const rule = "tests-none-ran";
    return judge([{ rule, status: "fail", subject: kind, message, fix, evidence }], pass(""));
  }
  const findings = ended.flatMap((each) =>
    failureFindings(
      each,
      each.result.cases.filter((one) => one.kinds.includes(kind) && isFailure(one)),
    ),
  );
  return judge(
    findings,
    pass(`${cases.length} tests of ${noun} ran, and all passed`, [commandEvidence(first.run)]),
  );
}
