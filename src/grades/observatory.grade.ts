import { type HttpSite, judgedAnswer } from "../core/http-site.ts";
import type { Grade } from "../core/report.ts";
import { type ClientSide, type ClientView, viewAsClient } from "./observatory/client.ts";
import { judgeCookies } from "./observatory/cookies.ts";
import { readCsp } from "./observatory/csp.ts";
import {
  judgeContentTypeOptions,
  judgeEmbedderPolicy,
  judgeFrameOptions,
  judgeOpenerPolicy,
  judgeReferrerPolicy,
  judgeResourcePolicy,
  judgeSharing,
} from "./observatory/header-tests.ts";
import { judgeIntegrity } from "./observatory/integrity.ts";
import { type NextGrade, shortestWay } from "./observatory/next-step.ts";
import { QUIRKS, type Quirk } from "./observatory/quirks.ts";
import {
  OBSERVATORY_RESULTS,
  OBSERVATORY_TESTS,
  type ObservatoryCode,
  type ObservatoryTest,
} from "./observatory/results.ts";
import { type Arithmetic, addUp, pointsOf } from "./observatory/score.ts";
import { judgeHsts, judgeRedirection } from "./observatory/transport-tests.ts";
import type { Verdict } from "./observatory/verdict.ts";

/** MDN HTTP Observatory 1.6.3 (commit 94042bbf), `src/constants.js`: algorithm 6. */
export const OBSERVATORY = { method: "mdn-observatory", version: "6" } as const;

export interface ObservatoryTestResult {
  readonly result: ObservatoryCode;
  readonly pass: boolean;
  readonly scoreModifier: number;
}

export interface ObservatoryNote {
  readonly test: ObservatoryTest;
  readonly quirk: Quirk;
  /** What browsers or the specification say instead. */
  readonly text: string;
}

export interface ObservatoryGrade extends Arithmetic {
  readonly tests: Readonly<Record<ObservatoryTest, ObservatoryTestResult>>;
  readonly testsPassed: number;
  readonly testsFailed: number;
  readonly statusCode: number;
  readonly notes: readonly ObservatoryNote[];
  readonly next: NextGrade | undefined;
  /** Without a preload list the host counts as not preloaded. */
  readonly isPreloadKnown: boolean;
}

export type ObservatoryOutcome =
  | { readonly state: "graded"; readonly grade: ObservatoryGrade }
  | { readonly state: "not-graded"; readonly because: string };

/** The grade with its arithmetic, or why the method gives none. */
export function gradeObservatory(site: HttpSite): ObservatoryOutcome {
  const view = viewAsClient(site);
  const { judged } = view;
  if (judged === undefined) {
    const seen = judgedAnswer(site);
    const because =
      seen === undefined
        ? "the site does not answer"
        : `the method's client gives up on the answer (status ${seen.status}), for its header, its body or where it sends on`;
    return { state: "not-graded", because };
  }
  const { status } = judged.answer;
  if (status < 200 || (status >= 400 && status !== 401 && status !== 403)) {
    return { state: "not-graded", because: `the site answers with status ${status}` };
  }
  const verdicts = judgeAll(view, judged);
  const results = mapTests((test) => verdicts[test].result);
  const arithmetic = addUp(pointsOf(results));
  const tests = mapTests((test) => testResult(results[test]));
  const testsPassed = Object.values(tests).filter(({ pass }) => pass).length;
  return {
    state: "graded",
    grade: {
      ...arithmetic,
      tests,
      testsPassed,
      testsFailed: OBSERVATORY_TESTS.length - testsPassed,
      statusCode: status,
      notes: OBSERVATORY_TESTS.flatMap((test) =>
        verdicts[test].quirks.map((quirk) => ({ test, quirk, text: QUIRKS[quirk] })),
      ),
      next: shortestWay(results, arithmetic),
      isPreloadKnown: site.preload.state !== "unknown",
    },
  };
}

/** The grade as the report's `grades` has it. */
export function toObservatoryReport(grade: ObservatoryGrade): Grade {
  const { tests, testsPassed, testsFailed, statusCode, notes, next, isPreloadKnown } = grade;
  const { base, lost, bonus, uncurved, isBonusCounted } = grade;
  return {
    ...OBSERVATORY,
    grade: grade.grade,
    score: grade.score,
    caps: [],
    parts: {
      tests,
      testsPassed,
      testsFailed,
      statusCode,
      arithmetic: { base, lost, bonus, uncurved, isBonusCounted },
      notes,
      ...(next !== undefined && { next }),
      isPreloadKnown,
    },
  };
}

type Verdicts = { readonly [T in ObservatoryTest]: Verdict<T> };

function judgeAll(view: ClientView, { answer }: ClientSide): Verdicts {
  const csp = readCsp(view);
  const hsts = judgeHsts(view);
  return {
    "content-security-policy": csp.verdict,
    cookies: judgeCookies(view, OBSERVATORY_RESULTS[hsts.result].isPass),
    "cross-origin-embedder-policy": judgeEmbedderPolicy(answer),
    "cross-origin-opener-policy": judgeOpenerPolicy(answer),
    "cross-origin-resource-sharing": judgeSharing(view),
    redirection: judgeRedirection(view),
    "referrer-policy": judgeReferrerPolicy(answer),
    "strict-transport-security": hsts,
    "subresource-integrity": judgeIntegrity(view),
    "x-content-type-options": judgeContentTypeOptions(answer),
    "x-frame-options": judgeFrameOptions(answer, csp),
    "cross-origin-resource-policy": judgeResourcePolicy(answer),
  };
}

function testResult(result: ObservatoryCode): ObservatoryTestResult {
  const { isPass, points } = OBSERVATORY_RESULTS[result];
  return { result, pass: isPass, scoreModifier: points };
}

function mapTests<T>(of: (test: ObservatoryTest) => T): Readonly<Record<ObservatoryTest, T>> {
  const entries = OBSERVATORY_TESTS.map((test) => [test, of(test)] as const);
  return Object.fromEntries(entries) as Record<ObservatoryTest, T>; // Every test is in the list.
}
