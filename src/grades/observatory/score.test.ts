import assert from "node:assert/strict";
import { test } from "node:test";

import { addUp, BONUS_FROM, gradeFor, nextGrade } from "./score.ts";

test("bonuses count from 90 points on", () => {
  assert.equal(BONUS_FROM, 90);
  assert.equal(addUp([-10, 5]).score, 95);
  assert.equal(addUp([-11, 5]).score, 89);
  assert.equal(addUp([-60, -60]).score, 0);
});

const GRADES: readonly [score: number, grade: string][] = [
  [155, "A+"],
  [100, "A+"],
  [99, "A"],
  [90, "A"],
  [89, "A-"],
  [84, "B+"],
  [79, "B"],
  [70, "B"],
  [69, "B-"],
  [64, "C+"],
  [50, "C"],
  [49, "C-"],
  [44, "D+"],
  [30, "D"],
  [29, "D-"],
  [24, "F"],
  [0, "F"],
];
for (const [score, grade] of GRADES) {
  test(`${score} points are ${grade}`, () => assert.equal(gradeFor(score), grade));
}

test("the next grade is the rung above", () => {
  assert.deepEqual(nextGrade("A-"), { grade: "A", score: 90 });
  assert.equal(nextGrade("A+"), undefined);
});
