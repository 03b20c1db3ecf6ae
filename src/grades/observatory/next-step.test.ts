import assert from "node:assert/strict";
import { test } from "node:test";

import { MENDS, NOTHING_TO_MEND, WITH_HSTS } from "./mends.ts";
import { shortestWay } from "./next-step.ts";
import {
  OBSERVATORY_RESULTS,
  OBSERVATORY_TESTS,
  type ObservatoryCode,
  type ObservatoryTest,
} from "./results.ts";
import { addUp, nextGrade, pointsOf, type Results } from "./score.ts";

const BARE: Results = {
  "content-security-policy": "csp-not-implemented",
  cookies: "cookies-not-found",
  "cross-origin-embedder-policy": "coep-not-implemented",
  "cross-origin-opener-policy": "coop-not-implemented",
  "cross-origin-resource-sharing": "cross-origin-resource-sharing-not-implemented",
  redirection: "redirection-to-https",
  "referrer-policy": "referrer-policy-not-implemented",
  "strict-transport-security": "hsts-not-implemented",
  "subresource-integrity": "sri-not-implemented-but-no-scripts-loaded",
  "x-content-type-options": "x-content-type-options-not-implemented",
  "x-frame-options": "x-frame-options-not-implemented",
  "cross-origin-resource-policy": "corp-not-implemented",
};

const wayFrom = (results: Results) => shortestWay(results, addUp(pointsOf(results)));
const stepsFrom = (changes: Partial<Results>) =>
  wayFrom({ ...BARE, ...changes } as Results)?.steps.map(({ test: name, gain }) => [name, gain]); // Spread of codes.

test("the least work: fields of the proxy go before a policy of the application", () => {
  assert.equal(wayFrom(BARE)?.grade, "C");
  // HSTS would bring as much, and no bonus for later.
  assert.deepEqual(stepsFrom({}), [["x-frame-options", 20]]);
});

test("a bonus that is not counted gains nothing, one that is does", () => {
  const good = {
    "strict-transport-security": "hsts-implemented-max-age-at-least-six-months",
    "x-content-type-options": "x-content-type-options-nosniff",
    "x-frame-options": "x-frame-options-sameorigin-or-deny",
  } as const;
  // 75: one field short of 90 with the policy, after which its 5 points and those of the frame options count.
  const steps = stepsFrom(good);
  assert.deepEqual(steps, [["content-security-policy", 25]]);
  assert.equal(wayFrom({ ...BARE, ...good })?.grade, "A+");
});

test("there is no way up from the top", () => {
  const top = Object.fromEntries(
    OBSERVATORY_TESTS.map((name) => [name, MENDS[name].at(-1)?.to]),
  ) as Results; // Every test has a mend.
  assert.equal(addUp(pointsOf(top)).grade, "A+");
  assert.equal(wayFrom(top), undefined);
});

test("HSTS makes the cookie test milder, so that it may be the shorter way", () => {
  const way = wayFrom({ ...BARE, cookies: "cookies-without-secure-flag" });
  assert.deepEqual(
    way?.steps.map(({ test: name }) => name),
    ["strict-transport-security"],
  );
  assert.equal(way?.score, addUp([-25, -5, -5, -20]).score);
});

interface Way {
  readonly effort: number;
  readonly score: number;
}

/** All combinations one by one. */
function bestByTrying(results: Results): Way | undefined {
  const now = addUp(pointsOf(results));
  const target = nextGrade(now.grade);
  if (target === undefined) return undefined;
  let best: Way | undefined;
  for (const { codes, effort } of combinations(results, OBSERVATORY_TESTS)) {
    const isHstsMended =
      codes["strict-transport-security"] !== results["strict-transport-security"];
    const milder = WITH_HSTS[codes.cookies];
    const ends = isHstsMended && milder !== undefined ? { ...codes, cookies: milder } : codes;
    const { score } = addUp(pointsOf(ends));
    if (score < target.score) continue;
    const isBetter = best === undefined || effort < best.effort;
    const isEqual = effort === best?.effort && score > best.score;
    if (isBetter || isEqual) best = { effort, score };
  }
  return best;
}

function* combinations(
  results: Results,
  [name, ...others]: readonly ObservatoryTest[],
): Generator<{ readonly codes: Results; readonly effort: number }> {
  if (name === undefined) {
    yield { codes: results, effort: 0 };
    return;
  }
  const points = OBSERVATORY_RESULTS[results[name]].points;
  const mends = NOTHING_TO_MEND.has(results[name])
    ? []
    : MENDS[name].filter(({ to }) => OBSERVATORY_RESULTS[to].points > points);
  for (const rest of combinations(results, others)) {
    yield rest;
    for (const { to, effort } of mends) {
      yield { codes: { ...rest.codes, [name]: to }, effort: rest.effort + effort };
    }
  }
}

const CODES: Readonly<Partial<Record<ObservatoryTest, readonly ObservatoryCode[]>>> = {
  "content-security-policy": [
    "csp-not-implemented",
    "csp-implemented-with-unsafe-eval",
    "csp-implemented-with-no-unsafe",
  ],
  cookies: ["cookies-without-secure-flag", "cookies-session-without-httponly-flag"],
  redirection: ["redirection-missing", "redirection-off-host-from-http"],
  "referrer-policy": ["referrer-policy-unsafe", "referrer-policy-private"],
  "strict-transport-security": [
    "hsts-implemented-max-age-less-than-six-months",
    "hsts-preloaded",
    "hsts-not-implemented",
  ],
  "subresource-integrity": [
    "sri-not-implemented-but-external-scripts-loaded-securely",
    "sri-not-implemented-and-external-scripts-not-loaded-securely",
  ],
  "cross-origin-resource-policy": ["corp-header-invalid", "corp-implemented-with-same-site"],
};

test("no combination of mends takes less effort than the way that is given", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 12; round += 1) {
    const drawn = Object.entries(CODES).map(([name, codes]) => [name, codes[random(codes.length)]]);
    const results = { ...BARE, ...Object.fromEntries(drawn) } as Results; // Codes of their own tests.
    const way = wayFrom(results);
    const tried = bestByTrying(results);
    const effort = way?.steps
      .map(({ test: name, to }) => MENDS[name].find((mend) => mend.to === to)?.effort ?? 0)
      .reduce((sum, each) => sum + each, 0);
    assert.deepEqual([effort, way?.score], [tried?.effort, tried?.score], JSON.stringify(results));
  }
});
