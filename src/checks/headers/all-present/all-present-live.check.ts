import { defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { opensAnyScript } from "../../live-csp/policy-faults.ts";
import {
  isDocument,
  isHtml,
  isHttps,
  isRedirect,
  type SeenAnswer,
} from "../../live-headers/answers.ts";
import { FRAME_FIELD, FRAME_FIX, framingFaults } from "../../live-headers/framing.ts";
import { HSTS_FIELD, HSTS_FIX, hstsOf } from "../../live-headers/hsts.ts";
import { type AnswerFault, judgeAnswers } from "../../live-headers/judge-answers.ts";
import { NOSNIFF_FIELD, NOSNIFF_FIX, nosniffFaults } from "../../live-headers/nosniff.ts";
import { CSP_FIELD, CSP_FIX, enforcedPolicies, isPolicyCut } from "../../live-headers/policies.ts";
import {
  isPageCut,
  REFERRER_FIELD,
  REFERRER_FIX,
  referrerFaults,
} from "../../live-headers/referrer.ts";
import type { ServerFixes } from "../../live-site/server-fixes.ts";
import { headersAllPresent } from "./all-present.control.ts";

const FIELDS = [CSP_FIELD, FRAME_FIELD, NOSNIFF_FIELD, REFERRER_FIELD, HSTS_FIELD] as const;

export const headersAllPresentLive = defineCheck({
  control: headersAllPresent,
  layer: "live",
  reads:
    "Five headers on the main page, the page of a missing address, an asset and further paths.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [],
      cells: ({ answer }) => [`sent: ${sentOf(answer).join(", ") || "none of the five"}`],
      fix: CSP_FIX,
      good: "All expected headers are on every page",
      inapplicable: "No live target is given",
      concerns: (seen) => !isRedirect(seen),
      faults,
      unread: (seen) =>
        seen.some(({ answer }) => isPageCut(answer) || isPolicyCut(answer))
          ? "a page or its policy is longer than is read"
          : undefined,
    });
  },
});

function sentOf(answer: HttpExchange): readonly string[] {
  return FIELDS.filter((field) => fieldValues(answer, field.toLowerCase()).length > 0);
}

function faults(seen: SeenAnswer): readonly AnswerFault[] {
  const everywhere = [
    ...about(NOSNIFF_FIELD, NOSNIFF_FIX, nosniffFaults(seen)),
    ...about(HSTS_FIELD, HSTS_FIX, hstsFaults(seen)),
  ];
  if (!isDocument(seen) || !isHtml(seen)) return everywhere;
  return [
    ...about(CSP_FIELD, CSP_FIX, policyFaults(seen.answer)),
    ...about(
      FRAME_FIELD,
      FRAME_FIX,
      framingFaults(seen).filter(({ status }) => status === "fail"),
    ),
    ...everywhere,
    ...about(REFERRER_FIELD, REFERRER_FIX, referrerFaults(seen).filter(isLacking).map(asFailure)),
  ];
}

function about(
  field: string,
  fix: ServerFixes,
  found: readonly AnswerFault[],
): readonly AnswerFault[] {
  return found.map((fault) => ({ fix, ...fault, subject: field.toLowerCase() }));
}

/** Its own control only warns where it is absent; here a header that is missing fails. */
function isLacking({ rule, status }: AnswerFault): boolean {
  return status === "fail" || rule === "missing" || rule === "invalid";
}

function asFailure(fault: AnswerFault): AnswerFault {
  return { ...fault, status: "fail" };
}

function hstsFaults(seen: SeenAnswer): readonly AnswerFault[] {
  if (!isHttps(seen.answer)) return [];
  const status = isDocument(seen) ? "fail" : "warn";
  if (fieldValues(seen.answer, "strict-transport-security").length === 0) {
    return [{ rule: "missing", status, what: `No ${HSTS_FIELD}` }];
  }
  return (hstsOf(seen.answer).effective?.maxAgeSeconds ?? 0) > 0
    ? []
    : [{ rule: "invalid", status, what: `${HSTS_FIELD} has no effect` }];
}

/** A report-only policy forbids nothing; one that fails `csp.policy` is none either. */
function policyFaults(answer: HttpExchange): readonly AnswerFault[] {
  const policies = enforcedPolicies(answer);
  if (policies.length === 0) {
    return [{ rule: "missing", status: "fail", what: `No enforced ${CSP_FIELD}` }];
  }
  if (!opensAnyScript(policies, answer.url)) return [];
  const what = `${CSP_FIELD} lets scripts come from any host or from data: URLs`;
  return [{ rule: "open", status: "fail", what }];
}
