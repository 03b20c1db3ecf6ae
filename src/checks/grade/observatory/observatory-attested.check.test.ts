import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { gradeObservatoryAttested } from "./observatory-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("grade.observatory"), "pass"],
  ["nobody attests it", undefined, "skip"],
  [
    "a grade below A",
    exampleStatement("grade.observatory", { details: { grade: "A-" } }),
    "fail bad-result",
  ],
  [
    "91 days old",
    exampleStatement("grade.observatory", { performed: "2026-08-29" }),
    "fail expired",
  ],
  ["90 days old", exampleStatement("grade.observatory", { performed: "2026-08-30" }), "pass"],
];

for (const each of CASES) {
  test(`grade.observatory/attested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(gradeObservatoryAttested, each), each[2]);
  });
}
