import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { environment, stageOf } from "../../../facts/environment.fact.ts";
import { projectTests, type SecurityCase } from "../../../facts/project-tests.fact.ts";
import {
  caseEvidence,
  commandEvidence,
  type EndedRun,
  endedRuns,
} from "../../project-tests/judge-tests.ts";
import { testsNoSkips } from "./no-skips.control.ts";

export const testsNoSkipsHost = defineCheck({
  control: testsNoSkips,
  layer: "host",
  reads: "The results of the project's own security tests, run with --run-tests only.",
  needs: { tests: projectTests },
  wants: { environment },

  evaluate({ tests }, { environment: found }) {
    const ended = endedRuns(tests);
    if ("status" in ended) return ended;
    const known = knownValue(found);
    const isDevelopment = known !== undefined && stageOf(known).isDev;
    const isExcused = ({ id }: SecurityCase) => isDevelopment && /hsts/i.test(id);
    const findings = ended.flatMap((each) =>
      skipFindings(
        each,
        each.result.cases.filter(
          (one) => /^(?:skipped|expected-failure)$/.test(one.outcome) && !isExcused(one),
        ),
      ),
    );
    if (ended.every(({ result }) => result.cases.length === 0))
      return cannotTell("unsupported", "No security test ran: see tests.security-suite");
    const evidence = ended.map(({ run }) => commandEvidence(run));
    return judge(findings, pass("No security test was skipped", evidence));
  },
});

/** Tests named in the evidence. */
const NAMED_MAX = 20;

function skipFindings(
  { run, result }: EndedRun,
  skipped: readonly SecurityCase[],
): readonly Finding[] {
  const fix = `Take the skip away, or mend what it hides, then: ${run.command}`;
  const finding = (rule: string, message: string, cases: readonly SecurityCase[]): Finding => ({
    ...{ rule, status: "fail", subject: run.runner, message, fix },
    evidence: [commandEvidence(run), ...cases.slice(0, NAMED_MAX).map(caseEvidence)],
  });
  const [first] = skipped;
  const more = skipped.length > 1 ? ` and ${skipped.length - 1} more` : "";
  return [
    ...(first === undefined
      ? []
      : [finding("tests-skipped", `${first.id} was skipped or expected to fail${more}`, skipped)]),
    ...(result.deselected === 0
      ? []
      : [finding("tests-deselected", `${result.deselected} security tests were deselected`, [])]),
  ];
}
