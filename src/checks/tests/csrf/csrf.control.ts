import type { Control } from "../../../core/check.ts";

export const testsCsrf: Control = {
  id: "tests.csrf",
  title: "The project's tests of CSRF protection pass",
  severity: "critical",
  seed: ["S2.103", "S2.105"],
  risk: "CSRF protection that nobody exercises falls to the next exemption without a sound.",
  rule: "Applies as tests.security-suite does; tests of CSRF outside of tests/security count as well. Passes when at least one ran and all of them passed. Fails when one failed, or none ran. Unknown without --run-tests, which runs code of the project, and where its runner is not installed.",
  fix: "Write tests that send a state-changing request without and with a token (test_csrf.py).",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
