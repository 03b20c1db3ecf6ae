import {
  OBSERVATORY_RESULTS,
  OBSERVATORY_TESTS,
  type ObservatoryCode,
  type ObservatoryTest,
} from "./results.ts";

/** Points everyone starts with. */
const BASE = 100;
/** Without that many points before bonuses, bonuses do not count. */
export const BONUS_FROM = 90;

/** Grades by the least score for each. */
const GRADES: readonly (readonly [least: number, grade: string])[] = [
  [100, "A+"],
  [90, "A"],
  [85, "A-"],
  [80, "B+"],
  [70, "B"],
  [65, "B-"],
  [60, "C+"],
  [50, "C"],
  [45, "C-"],
  [40, "D+"],
  [30, "D"],
  [25, "D-"],
  [0, "F"],
];

export type Results = Readonly<Record<ObservatoryTest, ObservatoryCode>>;

export interface Arithmetic {
  readonly base: number;
  /** Sum of the negative points. */
  readonly lost: number;
  /** Sum of the positive points; counted only where `uncurved` reaches `BONUS_FROM`. */
  readonly bonus: number;
  readonly uncurved: number;
  readonly isBonusCounted: boolean;
  readonly score: number;
  readonly grade: string;
}

export function pointsOf(results: Results): readonly number[] {
  return OBSERVATORY_TESTS.map((test) => OBSERVATORY_RESULTS[results[test]].points);
}

export function addUp(points: readonly number[]): Arithmetic {
  const lost = points.filter((each) => each < 0).reduce((sum, each) => sum + each, 0);
  const bonus = points.filter((each) => each > 0).reduce((sum, each) => sum + each, 0);
  const uncurved = BASE + lost;
  const isBonusCounted = uncurved >= BONUS_FROM;
  const score = Math.max(0, isBonusCounted ? uncurved + bonus : uncurved);
  return { base: BASE, lost, bonus, uncurved, isBonusCounted, score, grade: gradeFor(score) };
}

export function gradeFor(score: number): string {
  return GRADES.find(([least]) => score >= least)?.[1] ?? "F";
}

/** The grade above and the least score for it; `undefined` at the top. */
export function nextGrade(
  grade: string,
): { readonly grade: string; readonly score: number } | undefined {
  const at = GRADES.findIndex(([, each]) => each === grade);
  const next = GRADES[at - 1];
  return next === undefined ? undefined : { grade: next[1], score: next[0] };
}
