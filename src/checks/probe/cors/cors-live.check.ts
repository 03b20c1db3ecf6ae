import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import {
  answeredPages,
  FOREIGN_ORIGIN,
  type HttpAttempt,
  type HttpSite,
  judgedAnswer,
  PREFLIGHT_ORIGIN,
} from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { judgeSites, type SiteVerdict, showSite } from "../../live-site/sites.ts";
import { probeCorsControl } from "./cors.control.ts";
import { type CorsFault, faultOf, showCors } from "./cors-answer.ts";
import { liveStatements } from "./cors-states.ts";

export const probeCorsLive = defineCheck({
  control: probeCorsControl,
  layer: "live",
  reads:
    "Access-Control fields of answers to requests with origins that nobody should have listed.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "No foreign origin may read the page",
          judged.flatMap((site) => questionsOf(site).flatMap(evidenceOf)),
        ),
      "No live target is given",
    );
  },

  states({ sites }) {
    return liveStatements(sites);
  },
});

interface Question {
  readonly name: string;
  /** As sent; nothing where the page was asked as it is asked by everybody. */
  readonly origin?: string;
  readonly attempt: HttpAttempt | undefined;
}

/** The requests with an origin; then the pages that were asked without, for what is sent to everybody. */
function questionsOf({ extra }: HttpSite): readonly Question[] {
  return [
    { name: "a foreign origin", origin: FOREIGN_ORIGIN, attempt: extra.foreignOrigin },
    { name: "a preflight", origin: PREFLIGHT_ORIGIN, attempt: extra.preflight },
    ...(extra.origins ?? []).map((attempt) => ({
      name: `the origin ${attempt.origin}`,
      origin: attempt.origin,
      attempt,
    })),
  ];
}

function judgeSite(site: HttpSite): SiteVerdict {
  const judged = judgedAnswer(site);
  if (judged === undefined) {
    const end = site.https.end.kind === "no-answer" ? site.https.end : site.http.end;
    const unanswered = end.kind === "no-answer" ? end.failure.detail : "no answer";
    return { findings: [], unanswered };
  }
  const questions = questionsOf(site);
  const pages = answeredPages(site).map(
    (answer): Question => ({ name: "everybody", attempt: { url: answer.url, answer } }),
  );
  const findings = groupFindings(site, [...questions, ...pages]);
  const unanswered = questions
    .map((question) => whyOpen(question, judged.status))
    .find((why) => why !== undefined);
  const isAsked = site.extra.origins !== undefined;
  return {
    findings,
    ...(unanswered !== undefined && { unanswered }),
    ...(!isAsked && unanswered === undefined && { unanswered: "origins were not asked with" }),
  };
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR_MIN = 500;

function whyOpen({ name, attempt }: Question, usualStatus: number): string | undefined {
  if (attempt === undefined) return `the page was not asked with ${name}`;
  if ("failure" in attempt) return `no answer to ${name}: ${attempt.failure.detail}`;
  const { status } = attempt.answer;
  const isFailure = status === TOO_MANY_REQUESTS || status >= SERVER_ERROR_MIN;
  const isUsual = status === usualStatus || attempt.answer.method === "OPTIONS";
  return isFailure && !isUsual ? `status ${status} to ${name}` : undefined;
}

/** One finding a rule, with every request that shows it. */
function groupFindings(site: HttpSite, questions: readonly Question[]): readonly Finding[] {
  const byRule = new Map<string, { fault: CorsFault; evidence: [Evidence, ...Evidence[]] }>();
  for (const question of questions) {
    const { attempt, origin } = question;
    if (attempt === undefined || !("answer" in attempt) || isIdle(attempt)) continue;
    const fault = faultOf(attempt.answer, origin);
    const [evidence] = evidenceOf(question);
    if (fault === undefined || evidence === undefined) continue;
    const same = byRule.get(fault.rule);
    if (same === undefined) byRule.set(fault.rule, { fault, evidence: [evidence] });
    else if (same.evidence.length < EVIDENCE_MAX) same.evidence.push(evidence);
  }
  return [...byRule.values()].map(({ fault: { rule, status, what }, evidence }) => ({
    rule,
    status,
    subject: showSite(site),
    message: `${evidence[0].url ?? showSite(site)} ${what}`,
    fix: FIX,
    evidence,
  }));
}

/** A preflight that was redirected or failed allows nothing (Fetch standard section 4.8). */
function isIdle(attempt: Extract<HttpAttempt, { readonly answer: unknown }>): boolean {
  const { method, status } = attempt.answer;
  return method === "OPTIONS" && (attempt.via !== undefined || status < 200 || status > 299);
}

const EVIDENCE_MAX = 8;
const FIX =
  'Name the origins that may read, and only them: FastAPI: CORSMiddleware(allow_origins=["https://app.example.org"]); Django: CORS_ALLOWED_ORIGINS = ["https://app.example.org"]; nginx: map $http_origin $cors { default ""; "https://app.example.org" $http_origin; } and add_header Access-Control-Allow-Origin $cors always; add_header Vary Origin always;';

function evidenceOf({ origin, attempt }: Question): readonly Evidence[] {
  if (attempt === undefined || !("answer" in attempt)) return [];
  const { answer } = attempt;
  const sent = `${answer.method}, ${origin === undefined ? "no Origin" : `Origin: ${origin}`}`;
  return [
    { url: withoutQuery(answer.url), excerpt: `${sent} -> ${answer.status}, ${showCors(answer)}` },
  ];
}
