import { policyCanonical } from "../../live-csp/csp-pages.ts";
import type { AnswerFault } from "../../live-headers/judge-answers.ts";
import { CSP_FIELD, CSP_FIX, headerPolicies } from "../../live-headers/policies.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { missingDirectives } from "./missing-directives.ts";
import { cspPresentControl } from "./present.control.ts";

export const cspPresentSource = sourceHeaderCheck({
  control: cspPresentControl,
  field: CSP_FIELD,
  property: "header.content-security-policy",
  fixes: CSP_FIX,
  faults(answer): readonly AnswerFault[] {
    const policies = headerPolicies(answer);
    if (policies.length === 0) {
      const isReported = answer.fields.some(([name]) => /-report-only$/i.test(name));
      return isReported
        ? [
            {
              rule: "report-only",
              status: "warn",
              what: "The policy only reports and blocks nothing",
            },
          ]
        : [{ rule: "missing", status: "fail", what: `No ${CSP_FIELD}` }];
    }
    return missingDirectives(policies).map((name) => ({
      ...{ rule: "directive-missing", status: "warn", what: `The policy has no ${name}` },
      subject: name,
    }));
  },
  canonical: policyCanonical,
  isStatedBySites: true,
});
