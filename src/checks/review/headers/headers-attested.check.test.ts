import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { reviewHeadersAttested } from "./headers-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("review.headers"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("review.headers", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`review.headers: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(reviewHeadersAttested, each), each[2]);
  });
}
