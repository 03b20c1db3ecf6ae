import { defineCheck } from "../../../core/check.ts";
import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isDocument, isHtml, isRedirect, type SeenAnswer } from "../../live-headers/answers.ts";
import { FRAME_FIELD } from "../../live-headers/framing.ts";
import { HSTS_FIELD } from "../../live-headers/hsts.ts";
import { type AnswerFault, judgeAnswers } from "../../live-headers/judge-answers.ts";
import { NOSNIFF_FIELD } from "../../live-headers/nosniff.ts";
import { CSP_FIELD, CSP_FIX, isPolicyCut } from "../../live-headers/policies.ts";
import { isPageCut, REFERRER_FIELD } from "../../live-headers/referrer.ts";
import { headersAllPresent } from "./all-present.control.ts";
import { answerFaults, documentFaults } from "./document-faults.ts";

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
  return isDocument(seen) && isHtml(seen) ? documentFaults(seen) : answerFaults(seen);
}
