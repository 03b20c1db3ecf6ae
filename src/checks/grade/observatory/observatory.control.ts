import type { Control } from "../../../core/check.ts";

export const gradeObservatoryControl: Control = {
  id: "grade.observatory",
  title: "MDN Observatory score is A or better",
  severity: "high",
  seed: ["S2.108", "S2.109", "S2.112", "S2.178"],
  risk: "A score below A means that browsers are not told to use protections they have against injection, framing and eavesdropping.",
  rule: "MDN HTTP Observatory, algorithm 6, computed here without asking anybody. Passes with 90 points or more (A or A+), warns with 70 to 89 (A- is no A), fails below. Unknown when the main page is not answered, or with an error status. Without --hsts-preload the host counts as not preloaded.",
  fix: "Mend the tests in the order of the finding: it names the least work that reaches the next grade.",
  references: [
    "https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring",
    "https://github.com/mdn/mdn-http-observatory",
  ],
};
