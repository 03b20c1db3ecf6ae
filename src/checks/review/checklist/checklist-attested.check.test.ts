import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { reviewChecklistAttested } from "./checklist-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("review.checklist"), "pass"],
  ["nobody attests it", undefined, "warn not-attested"],
  ["expired", exampleStatement("review.checklist", { expires: "2026-11-27" }), "warn expired"],
  [
    "of another release",
    exampleStatement("review.checklist", { release: "v9" }),
    "warn not-attested",
  ],
];

for (const each of CASES) {
  test(`review.checklist: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(reviewChecklistAttested, each), each[2]);
  });
}
