import { quotable } from "../../live-csp/csp-pages.ts";
import type { AnswerFault } from "../../live-headers/judge-answers.ts";
import { CSP_FIELD, CSP_FIX, headerPolicies } from "../../live-headers/policies.ts";
import { headerCheck } from "../../nginx/header-check.ts";
import { missingDirectives } from "./missing-directives.ts";
import { cspPresentControl } from "./present.control.ts";

export const cspPresentProxy = headerCheck({
  control: cspPresentControl,
  field: CSP_FIELD,
  fixes: CSP_FIX,
  faults: (answer) =>
    missingDirectives(headerPolicies(answer)).map(
      (name): AnswerFault => ({
        rule: "directive-missing",
        status: "warn",
        what: `The policy has no ${name}`,
        subject: name,
      }),
    ),
  canonical(answer) {
    const values = headerPolicies(answer).map(({ text }) => quotable(text));
    return values.length === 0 ? undefined : values.join(", ");
  },
});
