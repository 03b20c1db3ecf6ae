import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { opensAnyScript } from "../../live-csp/policy-faults.ts";
import { isDocument, isHttps, type SeenAnswer } from "../../live-headers/answers.ts";
import { FRAME_FIELD, FRAME_FIX, framingFaults } from "../../live-headers/framing.ts";
import { HSTS_FIELD, HSTS_FIX, hstsOf } from "../../live-headers/hsts.ts";
import type { AnswerFault } from "../../live-headers/judge-answers.ts";
import { NOSNIFF_FIELD, NOSNIFF_FIX, nosniffFaults } from "../../live-headers/nosniff.ts";
import { CSP_FIELD, CSP_FIX, enforcedPolicies } from "../../live-headers/policies.ts";
import { REFERRER_FIELD, REFERRER_FIX, referrerFaults } from "../../live-headers/referrer.ts";
import type { ServerFixes } from "../../live-site/server-fixes.ts";

/** What every answer is to have. */
export function answerFaults(seen: SeenAnswer): readonly AnswerFault[] {
  return [
    ...about(NOSNIFF_FIELD, NOSNIFF_FIX, nosniffFaults(seen)),
    ...about(HSTS_FIELD, HSTS_FIX, hstsFaults(seen)),
  ];
}

/** What a page that a browser shows is to have, beside what every answer is. */
export function documentFaults(seen: SeenAnswer): readonly AnswerFault[] {
  return [
    ...about(CSP_FIELD, CSP_FIX, policyFaults(seen.answer)),
    ...about(
      FRAME_FIELD,
      FRAME_FIX,
      framingFaults(seen).filter(({ status }) => status === "fail"),
    ),
    ...answerFaults(seen),
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
