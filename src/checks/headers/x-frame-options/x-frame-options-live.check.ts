import { defineCheck } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { isHtml, type SeenAnswer } from "../../live-headers/answers.ts";
import {
  FRAME_FIELD,
  FRAME_FIX,
  frameAncestors,
  frameOptionsOf,
  framingFaults,
} from "../../live-headers/framing.ts";
import { judgeAnswers, mainPageStatements } from "../../live-headers/judge-answers.ts";
import { CSP_FIELD, isPolicyCut } from "../../live-headers/policies.ts";
import { frameOptionsValue } from "./frame-options-value.ts";
import { headersXFrameOptions } from "./x-frame-options.control.ts";

export const headersXFrameOptionsLive = defineCheck({
  control: headersXFrameOptions,
  layer: "live",
  reads: "X-Frame-Options, and frame-ancestors of the Content-Security-Policy, on each HTML page.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [FRAME_FIELD],
      cells: ({ answer }) => {
        const ancestors = frameAncestors(answer);
        return ancestors === undefined ? [] : [`${CSP_FIELD}: ${ancestors.text}`];
      },
      fix: FRAME_FIX,
      good: "No page can be framed",
      inapplicable: "No HTML is served",
      concerns: isHtml,
      faults: framingFaults,
      unread: (seen) =>
        seen.some(({ answer }) => isPolicyCut(answer))
          ? `the ${CSP_FIELD} is longer than is read`
          : undefined,
      note,
    });
  },

  states: ({ sites }) => mainPageStatements(sites, frameOptionsValue),
});

function note(seen: readonly SeenAnswer[]): string | undefined {
  const notes = [
    seen.some(({ answer }) => frameOptionsOf(answer).values.length === 0) &&
      `frame-ancestors 'none' stands in for ${FRAME_FIELD}`,
    seen.some(({ answer }) => frameOptionsOf(answer).values.length > 1) &&
      `${FRAME_FIELD} is sent twice with the same value`,
  ].filter((each) => each !== false);
  return notes.length === 0 ? undefined : notes.join("; ");
}
