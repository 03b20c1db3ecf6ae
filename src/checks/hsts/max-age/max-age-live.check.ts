import { defineCheck } from "../../../core/check.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { httpsAnswers, type SeenAnswer } from "../../live-headers/answers.ts";
import {
  HALF_YEAR_SECONDS,
  HSTS_FIELD,
  HSTS_FIX,
  hstsOf,
  ignoredBecause,
  ONE_YEAR_SECONDS,
  sendsHsts,
} from "../../live-headers/hsts.ts";
import {
  type AnswerFault,
  judgeAnswers,
  mainPageStatements,
} from "../../live-headers/judge-answers.ts";
import { hstsMaxAge } from "./max-age.control.ts";

export const hstsMaxAgeLive = defineCheck({
  control: hstsMaxAge,
  layer: "live",
  reads: "max-age of each Strict-Transport-Security header that came over https.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: [HSTS_FIELD],
      fix: HSTS_FIX,
      good: "max-age is a year or longer",
      inapplicable: "No Strict-Transport-Security came over https",
      answersOf: httpsAnswers,
      concerns: sendsHsts,
      faults: maxAgeFaults,
    });
  },

  states: ({ sites }) =>
    mainPageStatements(
      sites,
      (answer) => hstsOf(answer).effective?.maxAgeSeconds.toString(),
      httpsAnswers,
    ),
});

export function maxAgeFaults({ answer }: Pick<SeenAnswer, "answer">): readonly AnswerFault[] {
  const header = hstsOf(answer);
  const seconds = header.effective?.maxAgeSeconds;
  if (seconds === undefined) {
    const what = `Browsers ignore ${HSTS_FIELD} (${ignoredBecause(header)})`;
    return [{ rule: "not-in-force", status: "fail", what }];
  }
  if (seconds >= ONE_YEAR_SECONDS) return [];
  if (seconds === 0) {
    return [{ rule: "zero", status: "fail", what: "max-age=0 makes browsers forget the host" }];
  }
  const status = seconds >= HALF_YEAR_SECONDS ? "warn" : "fail";
  return [{ rule: "too-short", status, what: `max-age is ${seconds}, less than a year,` }];
}
