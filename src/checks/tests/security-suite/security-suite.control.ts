import type { Control } from "../../../core/check.ts";

export const testsSecuritySuite: Control = {
  id: "tests.security-suite",
  title: "The project's security tests pass",
  severity: "critical",
  seed: ["S2.99", "S2.100", "S2.107", "S2.172"],
  risk: "A control that was there once is gone, and the test that says so was not run before the deployment.",
  rule: "Applies where the project has security tests of its own (tests/security, or files whose name says so). Passes when all of them ran to the end and none failed. Fails for a failure, an error, a crash, a run that does not end, and when nothing ran. Unknown without --run-tests, which runs code of the project, and where its runner is not installed.",
  fix: "plimsoll audit --only tests --run-tests, in the project's environment; mend what fails before deploying.",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
