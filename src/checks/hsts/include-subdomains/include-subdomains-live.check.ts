import { defineCheck } from "../../../core/check.ts";
import type { HttpExchange } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { httpsAnswers, type SeenAnswer } from "../../live-headers/answers.ts";
import {
  HSTS_FIELD,
  HSTS_FIX,
  hstsOf,
  ignoredBecause,
  sendsHsts,
} from "../../live-headers/hsts.ts";
import {
  type AnswerFault,
  judgeAnswers,
  mainPageStatements,
} from "../../live-headers/judge-answers.ts";
import { prefixFixes } from "../../live-site/server-fixes.ts";
import { hstsIncludeSubdomains } from "./include-subdomains.control.ts";

const DIRECTIVE = "includeSubDomains";

export const hstsIncludeSubdomainsLive = defineCheck({
  control: hstsIncludeSubdomains,
  layer: "live",
  reads: "includeSubDomains in each Strict-Transport-Security header that came over https.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [HSTS_FIELD],
      fix: prefixFixes("after every subdomain in use speaks https, ", HSTS_FIX),
      good: `${DIRECTIVE} is set`,
      inapplicable: "No Strict-Transport-Security came over https",
      answersOf: httpsAnswers,
      concerns: sendsHsts,
      faults: subdomainFaults,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, directiveIn, httpsAnswers),
});

export function directiveIn(answer: HttpExchange): string | undefined {
  return hstsOf(answer).effective?.includeSubDomains === true ? DIRECTIVE : undefined;
}

export function subdomainFaults({ answer }: Pick<SeenAnswer, "answer">): readonly AnswerFault[] {
  const header = hstsOf(answer);
  const why = ignoredBecause(header);
  if (why !== undefined) {
    const what = `Browsers ignore ${HSTS_FIELD} (${why})`;
    return [{ rule: "not-in-force", status: "fail", what }];
  }
  return header.effective?.includeSubDomains === true
    ? []
    : [{ rule: "missing", status: "fail", what: `No ${DIRECTIVE}` }];
}
