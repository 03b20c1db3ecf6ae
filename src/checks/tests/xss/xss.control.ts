import type { Control } from "../../../core/check.ts";

export const testsXss: Control = {
  id: "tests.xss",
  title: "The project's tests of output escaping pass",
  severity: "critical",
  seed: ["S2.102", "S2.106"],
  risk: "A page that prints what users typed runs it, once somebody leaves the escaping out.",
  rule: "Applies as tests.security-suite does; tests of XSS and sanitising outside of tests/security count as well. Passes when at least one ran and all of them passed. Fails when one failed, or none ran. Unknown without --run-tests, which runs code of the project, and where its runner is not installed.",
  fix: "Write tests that store markup and ask for the page that shows it (test_xss.py).",
  references: ["https://cwe.mitre.org/data/definitions/79.html"],
};
