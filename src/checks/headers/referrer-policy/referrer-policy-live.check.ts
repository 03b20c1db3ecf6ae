import { defineCheck } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isHtml } from "../../live-headers/answers.ts";
import { judgeAnswers, mainPageStatements } from "../../live-headers/judge-answers.ts";
import {
  headerPolicy,
  isPageCut,
  metaPolicy,
  REFERRER_FIELD,
  REFERRER_FIX,
  referrerFaults,
} from "../../live-headers/referrer.ts";
import { headersReferrerPolicy } from "./referrer-policy.control.ts";

export const headersReferrerPolicyLive = defineCheck({
  control: headersReferrerPolicy,
  layer: "live",
  reads: "Referrer-Policy, and meta elements named referrer, on each HTML page.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [REFERRER_FIELD],
      cells: ({ answer }) => {
        const policy = metaPolicy(answer);
        return policy === undefined ? [] : [`meta referrer: ${policy}`];
      },
      fix: REFERRER_FIX,
      good: "Other sites are told the origin at most",
      inapplicable: "No HTML is served",
      concerns: isHtml,
      faults: referrerFaults,
      unread: (seen) =>
        seen.some(({ answer }) => isPageCut(answer))
          ? "a page is longer than is read, and may set a referrer policy further on"
          : undefined,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, headerPolicy),
});
