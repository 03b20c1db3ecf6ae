import { defineCheck, judge, pass } from "../../../core/check.ts";
import { projectTests } from "../../../facts/project-tests.fact.ts";
import {
  commandEvidence,
  endedRuns,
  failureFindings,
  isFailure,
  runFaults,
} from "../../project-tests/judge-tests.ts";
import { testsSecuritySuite } from "./security-suite.control.ts";

export const testsSecuritySuiteHost = defineCheck({
  control: testsSecuritySuite,
  layer: "host",
  reads: "The results of the project's own security tests, run with --run-tests only.",
  needs: { tests: projectTests },

  evaluate({ tests }) {
    const ended = endedRuns(tests);
    if ("status" in ended) return ended;
    const findings = ended.flatMap((each) => [
      ...runFaults(each),
      ...failureFindings(each, each.result.cases.filter(isFailure)),
    ]);
    const count = ended.reduce((sum, { result }) => sum + result.cases.length, 0);
    const evidence = ended.map(({ run }) => commandEvidence(run));
    return judge(findings, pass(`${count} security tests ran, and none failed`, evidence));
  },
});
