import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { type HttpSite, judgedAnswer } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import {
  type GradedHeader,
  gradeSecurityHeaders,
  type SecurityHeadersGrade,
} from "../../../grades/security-headers.grade.ts";
import { BASE_POLICY } from "../../live-headers/policies.ts";
import { fieldsFixes, serverFix } from "../../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict, seenIn, showSite } from "../../live-site/sites.ts";
import { gradeSecurityHeadersControl } from "./security-headers.control.ts";

export const gradeSecurityHeadersLive = defineCheck({
  control: gradeSecurityHeadersControl,
  layer: "live",
  reads: "Which of the six headers the answer judged has, and what its policy lets run.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) => {
        const graded = judged.flatMap((site) => {
          const grade = gradeSecurityHeaders(site);
          return grade === undefined ? [] : [{ site, grade }];
        });
        const letters = [...new Set(graded.map(({ grade }) => grade.grade))];
        return pass(
          `The grade is ${letters.join(", ")}`,
          graded.map(({ site, grade }) => seenIn(site, showGrade(grade))),
        );
      },
      "No live target is given",
    );
  },
});

function judgeSite(site: HttpSite): SiteVerdict {
  const grade = gradeSecurityHeaders(site);
  const answer = judgedAnswer(site);
  if (grade === undefined || answer === undefined) {
    return { findings: [], unanswered: "nothing answers" };
  }
  if (grade.grade.startsWith("A")) return { findings: [] };
  const finding: Finding = {
    rule: grade.grade === "B" ? "one-header-missing" : "headers-missing",
    status: grade.grade === "B" ? "warn" : "fail",
    subject: showSite(site),
    message: `${showSite(site)} lacks ${grade.missing.join(", ")}: grade ${grade.grade}`,
    fix: serverFix(site, fieldsFixes(grade.missing.map((name) => [name, VALUES[name]]))),
    evidence: [seenIn(answer, showGrade(grade))],
  };
  return { findings: [finding] };
}

/** A value to begin with for each header. */
const VALUES: Readonly<Record<GradedHeader, string>> = {
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "Content-Security-Policy": BASE_POLICY,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
};

function showGrade({ grade, present, missing, isRungVerified }: SecurityHeadersGrade): string {
  const rung = isRungVerified ? "" : ", rung assumed";
  const has = present.length === 0 ? "none" : present.join(", ");
  return `${grade}${rung}: has ${has}${missing.length === 0 ? "" : `; lacks ${missing.join(", ")}`}`;
}
