import { defineCheck } from "../../../core/check.ts";
import { projectTests } from "../../../facts/project-tests.fact.ts";
import { judgeKind } from "../../project-tests/judge-tests.ts";
import { testsXss } from "./xss.control.ts";

export const testsXssHost = defineCheck({
  control: testsXss,
  layer: "host",
  reads: "The results of the project's own security tests, run with --run-tests only.",
  needs: { tests: projectTests },

  evaluate: ({ tests }) => judgeKind(tests, "xss", "output escaping"),
});
