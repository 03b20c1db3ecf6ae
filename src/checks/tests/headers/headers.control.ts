import type { Control } from "../../../core/check.ts";

export const testsHeaders: Control = {
  id: "tests.headers",
  title: "The project's tests of security headers pass",
  severity: "critical",
  seed: ["S2.101", "S2.104"],
  risk: "A header that a change took away is missed by nobody until a scanner finds it live.",
  rule: "Applies as tests.security-suite does. Passes when at least one test of headers, HSTS or the policy ran and all of them passed. Fails when one failed, or none ran. Unknown without --run-tests, which runs code of the project, and where its runner is not installed.",
  fix: "Write tests that ask the application for its headers (tests/security/test_security_headers.py).",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
