import { MENDS, type Mend, NOTHING_TO_MEND, WITH_HSTS } from "./mends.ts";
import { OBSERVATORY_RESULTS, OBSERVATORY_TESTS, type ObservatoryTest } from "./results.ts";
import { type Arithmetic, addUp, nextGrade, pointsOf, type Results } from "./score.ts";

export interface Step {
  readonly test: ObservatoryTest;
  readonly to: Mend["to"];
  readonly gain: number;
  readonly how: string;
}

export interface NextGrade {
  readonly grade: string;
  /** Score once all steps are taken. */
  readonly score: number;
  readonly steps: readonly Step[];
}

interface Plan {
  readonly lost: number;
  readonly bonus: number;
  readonly effort: number;
  readonly steps: readonly Step[];
}

/**
 * The least effort that reaches a better grade, and how; `undefined` at the top, or where nothing known gets there.
 * Exact: all combinations of mends are weighed, those of equal sums by the lesser effort.
 */
export function shortestWay(results: Results, now: Arithmetic): NextGrade | undefined {
  const target = nextGrade(now.grade);
  if (target === undefined) return undefined;
  const plans = [
    ...plansFrom(results, undefined),
    // HSTS mended makes the cookie test milder.
    ...plansFrom(protectedByHsts(results), "strict-transport-security"),
  ];
  const reaching = plans
    .map((plan) => ({ plan, sum: addUp([plan.lost, plan.bonus]) }))
    .filter(({ sum }) => sum.score >= target.score)
    .sort(
      (a, b) =>
        a.plan.effort - b.plan.effort ||
        b.sum.score - a.sum.score ||
        // A bonus that is not counted yet is nearer then.
        b.plan.bonus - a.plan.bonus,
    );
  const [best] = reaching;
  if (best === undefined) return undefined;
  const steps = best.plan.steps
    .map((step) => ({ ...step, gain: gainOf(step, results, best.sum.isBonusCounted) }))
    .sort((a, b) => b.gain - a.gain);
  return { grade: best.sum.grade, score: best.sum.score, steps };
}

/** Bonuses gain nothing where they are not counted. */
function gainOf({ test, to }: Step, results: Results, isBonusCounted: boolean): number {
  const counted = (points: number) => (isBonusCounted ? points : Math.min(points, 0));
  const [before, after] = [OBSERVATORY_RESULTS[results[test]], OBSERVATORY_RESULTS[to]];
  return counted(after.points) - counted(before.points);
}

function protectedByHsts(results: Results): Results {
  return { ...results, cookies: WITH_HSTS[results.cookies] ?? results.cookies };
}

/** Every sum that can be reached, each by its least effort. With `must`, that test is mended in all of them. */
function plansFrom(results: Results, must: ObservatoryTest | undefined): readonly Plan[] {
  const points = pointsOf(results);
  let plans: readonly Plan[] = [{ lost: 0, bonus: 0, effort: 0, steps: [] }];
  for (const [at, test] of OBSERVATORY_TESTS.entries()) {
    const current = points[at] ?? 0;
    const choices = mendsFor(test, results, current);
    const isKept = test !== must;
    plans = cheapest(
      plans.flatMap((plan) => [
        ...(isKept ? [withPoints(plan, current)] : []),
        ...choices.map((mend) => withMend(plan, test, mend, current)),
      ]),
    );
  }
  return plans;
}

function mendsFor(test: ObservatoryTest, results: Results, current: number): readonly Mend[] {
  if (NOTHING_TO_MEND.has(results[test])) return [];
  return MENDS[test].filter(({ to }) => OBSERVATORY_RESULTS[to].points > current);
}

function withPoints(plan: Plan, points: number): Plan {
  return {
    ...plan,
    lost: plan.lost + Math.min(points, 0),
    bonus: plan.bonus + Math.max(points, 0),
  };
}

function withMend(plan: Plan, test: ObservatoryTest, { to, effort, how }: Mend, now: number): Plan {
  const { points } = OBSERVATORY_RESULTS[to];
  const step = { test, to, gain: points - now, how };
  return {
    ...withPoints(plan, points),
    effort: plan.effort + effort,
    steps: [...plan.steps, step],
  };
}

function cheapest(plans: readonly Plan[]): readonly Plan[] {
  const best = new Map<string, Plan>();
  for (const plan of plans) {
    const key = `${plan.lost} ${plan.bonus}`;
    const known = best.get(key);
    if (known === undefined || plan.effort < known.effort) best.set(key, plan);
  }
  return [...best.values()];
}
