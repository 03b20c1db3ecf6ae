import { defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { allowsInlineScript } from "../../../parsers/csp/inline.ts";
import { parseXssProtection } from "../../../parsers/http/x-xss-protection.ts";
import { isHtml, type SeenAnswer } from "../../live-headers/answers.ts";
import {
  type AnswerFault,
  judgeAnswers,
  mainPageStatements,
} from "../../live-headers/judge-answers.ts";
import { CSP_FIELD, enforcedPolicies, isPolicyCut } from "../../live-headers/policies.ts";
import { fieldFixes } from "../../live-site/server-fixes.ts";
import { headersXXssProtection } from "./x-xss-protection.control.ts";

export const XSS_FIELD = "X-XSS-Protection";
/** 0 is the advice of today; the seed's checklist wants the filter of old browsers to block. */
export const XSS_FIX = fieldFixes(XSS_FIELD, "0", {
  express: "app.use(helmet())",
  generic:
    "Send X-XSS-Protection: 0 with every page (1; mode=block where the seed's checklist is asked for)",
});
const WORDS = { off: "0", on: "1", block: "1; mode=block" } as const;

export const headersXXssProtectionLive = defineCheck({
  control: headersXXssProtection,
  layer: "live",
  reads: "X-XSS-Protection on each HTML page, and whether its policy stops inline scripts.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [XSS_FIELD],
      cells: ({ answer }) => (isInlineStopped(answer) ? [`${CSP_FIELD} stops inline scripts`] : []),
      fix: XSS_FIX,
      good: "The filter of old browsers does no harm",
      inapplicable: "No HTML is served",
      concerns: isHtml,
      faults: xssProtectionFaults,
      unread: (seen) =>
        seen.some(({ answer }) => isPolicyCut(answer))
          ? `the ${CSP_FIELD} is longer than is read`
          : undefined,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, xssProtectionValue),
});

/** As it is stated for the trace: what browsers make of it. */
export function xssProtectionValue(answer: HttpExchange): string | undefined {
  const { filter } = read(answer);
  return filter === undefined ? undefined : WORDS[filter];
}

function read(answer: HttpExchange) {
  return parseXssProtection(fieldValues(answer, "x-xss-protection"));
}

function isInlineStopped(answer: HttpExchange): boolean {
  const policies = enforcedPolicies(answer);
  return policies.length > 0 && !allowsInlineScript(policies).allowed;
}

export function xssProtectionFaults({
  answer,
}: Pick<SeenAnswer, "answer">): readonly AnswerFault[] {
  const status = "warn";
  if (fieldValues(answer, "x-xss-protection").length === 0) {
    return isInlineStopped(answer) ? [] : [{ rule: "missing", status, what: `No ${XSS_FIELD}` }];
  }
  const { filter, reportUrl } = read(answer);
  if (filter === undefined) {
    return [{ rule: "invalid", status, what: `${XSS_FIELD} starts with neither 0 nor 1` }];
  }
  if (reportUrl !== undefined) {
    return [{ rule: "report", status, what: `${XSS_FIELD} reports what the filter found` }];
  }
  return filter === "on"
    ? [{ rule: "no-block", status, what: `${XSS_FIELD} is 1 without mode=block` }]
    : [];
}
