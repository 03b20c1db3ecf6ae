import { defineCheck } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isRedirect } from "../../live-headers/answers.ts";
import { judgeAnswers, mainPageStatements } from "../../live-headers/judge-answers.ts";
import {
  NOSNIFF_FIELD,
  NOSNIFF_FIX,
  nosniffFaults,
  nosniffValue,
} from "../../live-headers/nosniff.ts";
import { headersXContentTypeOptions } from "./x-content-type-options.control.ts";

export const headersXContentTypeOptionsLive = defineCheck({
  control: headersXContentTypeOptions,
  layer: "live",
  reads:
    "X-Content-Type-Options on the main page, the page of a missing address, an asset and further paths.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [NOSNIFF_FIELD],
      fix: NOSNIFF_FIX,
      good: `Every answer says ${NOSNIFF_FIELD}: nosniff`,
      inapplicable: "No live target is given",
      concerns: (seen) => !isRedirect(seen),
      faults: nosniffFaults,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, nosniffValue),
});
