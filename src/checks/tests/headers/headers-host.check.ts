import { defineCheck } from "../../../core/check.ts";
import { projectTests } from "../../../facts/project-tests.fact.ts";
import { judgeKind } from "../../project-tests/judge-tests.ts";
import { testsHeaders } from "./headers.control.ts";

export const testsHeadersHost = defineCheck({
  control: testsHeaders,
  layer: "host",
  reads: "The results of the project's own security tests, run with --run-tests only.",
  needs: { tests: projectTests },

  evaluate: ({ tests }) => judgeKind(tests, "headers", "security headers"),
});
