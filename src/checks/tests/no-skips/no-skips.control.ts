import type { Control } from "../../../core/check.ts";

export const testsNoSkips: Control = {
  id: "tests.no-skips",
  title: "No security test is skipped",
  severity: "critical",
  seed: ["S2.107"],
  risk: "A suite is green with its tests switched off, and reads as if they had passed.",
  rule: "Applies as tests.security-suite does. Passes when no security test was skipped, deselected or expected to fail; tests of HSTS may be skipped where the stage is development. Fails for any other. Unknown without --run-tests, which runs code of the project, and where its runner is not installed.",
  fix: "Take the skip away, or mend what it hides: pytest -rs shows the reasons.",
  references: ["https://docs.pytest.org/en/stable/how-to/skipping.html"],
};
