import { defineCheck } from "../../../core/check.ts";
import { projectTests } from "../../../facts/project-tests.fact.ts";
import { judgeKind } from "../../project-tests/judge-tests.ts";
import { testsCsrf } from "./csrf.control.ts";

export const testsCsrfHost = defineCheck({
  control: testsCsrf,
  layer: "host",
  reads: "The results of the project's own security tests, run with --run-tests only.",
  needs: { tests: projectTests },

  evaluate: ({ tests }) => judgeKind(tests, "csrf", "CSRF protection"),
});
