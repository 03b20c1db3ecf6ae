import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { answerOf, type HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { gradeObservatory, type ObservatoryGrade } from "../../../grades/observatory.grade.ts";
import { judgeSites, type SiteVerdict, seenIn, showSite } from "../../live-site/sites.ts";
import { gradeObservatoryControl } from "./observatory.control.ts";

/** The catalog's lines: A begins at 90, below 70 nothing is left of it. */
const PASS_MIN = 90;
const WARN_MIN = 70;

export const gradeObservatoryLive = defineCheck({
  control: gradeObservatoryControl,
  layer: "live",
  reads: "MDN HTTP Observatory's algorithm 6 over the answers of the audited URL.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) => {
        const graded = judged.flatMap((site) => {
          const outcome = gradeObservatory(site);
          return outcome.state === "graded" ? [{ site, grade: outcome.grade }] : [];
        });
        const letters = [...new Set(graded.map(({ grade }) => grade.grade))];
        return pass(
          `The score is ${letters.join(", ")}`,
          graded.map(({ site, grade }) => seenIn(site, showScore(grade))),
        );
      },
      "No audited URL speaks https",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const isHttps = site.url.startsWith("https:") || answerOf(site.https) !== undefined;
  if (!isHttps) return undefined;
  const outcome = gradeObservatory(site);
  if (outcome.state === "not-graded") return { findings: [], unanswered: outcome.because };
  const { grade } = outcome;
  if (grade.score >= PASS_MIN) return { findings: [] };
  const finding: Finding = {
    rule: grade.score >= WARN_MIN ? "score-below-90" : "score-below-70",
    status: grade.score >= WARN_MIN ? "warn" : "fail",
    subject: showSite(site),
    message: `The score of ${showSite(site)} is ${grade.score}, ${grade.grade}`,
    fix: fixOf(grade),
    evidence: [seenIn(site, showScore(grade))],
  };
  return { findings: [finding] };
}

/** The way to the next grade; where no mend known here gets there, what costs the most. */
function fixOf({ next }: ObservatoryGrade): string {
  if (next === undefined) return "Mend the tests that cost the most, as listed in the evidence";
  const steps = next.steps.map(({ how, gain }) => `${how} (+${gain})`);
  return `For ${next.grade} (${next.score}): ${steps.join("; ")}`;
}

function showScore({ score, grade, tests, base, lost, bonus, isBonusCounted }: ObservatoryGrade) {
  const costs = Object.values(tests)
    .filter(({ scoreModifier }) => scoreModifier < 0)
    .sort((a, b) => a.scoreModifier - b.scoreModifier)
    .map(({ result, scoreModifier }) => `${result} ${scoreModifier}`);
  const extra = isBonusCounted
    ? ` + ${bonus}`
    : bonus > 0
      ? ` (bonus of ${bonus} not counted)`
      : "";
  const sum = `${grade} (algorithm 6): ${base} - ${-lost}${extra} = ${score}`;
  return costs.length === 0 ? sum : `${sum}; ${costs.join(", ")}`;
}
