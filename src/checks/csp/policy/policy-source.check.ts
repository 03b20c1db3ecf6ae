import { knownValue } from "../../../core/reading.ts";
import { allowsRequest } from "../../../parsers/csp/request.ts";
import { foretoldPage, policyCanonical } from "../../live-csp/csp-pages.ts";
import { answerFault } from "../../live-csp/page-faults.ts";
import { policyFaults } from "../../live-csp/policy-faults.ts";
import type { AnswerFault } from "../../live-headers/judge-answers.ts";
import { CSP_FIELD, CSP_FIX, headerPolicies } from "../../live-headers/policies.ts";
import { type SourceWanted, sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { type TemplateElement, templateElements } from "../../template-sources/elements.ts";
import { cspPolicyControl } from "./policy.control.ts";

/** Blocked elements told; a policy that blocks all of them says no more than its first twenty. */
const BLOCKS_MAX = 20;

export const cspPolicySource = sourceHeaderCheck({
  control: cspPolicyControl,
  field: CSP_FIELD,
  property: "header.content-security-policy",
  fixes: CSP_FIX,
  isOfValue: true,
  judgesConditional: true,
  faults(answer, wanted): readonly AnswerFault[] {
    const page = foretoldPage(answer);
    if (page === undefined) return [];
    const holes = policyFaults(page, "").map(answerFault);
    const policies = headerPolicies(answer);
    const blocked = elementsOf(wanted).filter(({ element, url, integrity }) => {
      const kind = element === "script" ? ("script" as const) : ("style" as const);
      const asked = { kind, url: url.href, ...(integrity !== undefined && { integrity }) };
      return !allowsRequest(policies, asked, { self: answer.url }).allowed;
    });
    return [...holes, ...blocked.slice(0, BLOCKS_MAX).map(blockedFault)];
  },
  canonical: policyCanonical,
});

function elementsOf({ source }: SourceWanted): readonly TemplateElement[] {
  const settings = knownValue(source);
  return settings === undefined ? [] : templateElements(settings);
}

function blockedFault({ element, url, place }: TemplateElement): AnswerFault {
  const directive = element === "script" ? "script-src" : "style-src";
  return {
    rule: "page-blocked",
    status: "warn",
    subject: `${directive} ${url.origin}`,
    what: `${directive} blocks what a template loads (${url.origin}, ${place})`,
  };
}
