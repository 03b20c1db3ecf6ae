import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { gradeTlsAttested } from "./tls-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("grade.tls"), "pass"],
  ["nobody attests it", undefined, "skip"],
  [
    "a grade below A",
    exampleStatement("grade.tls", { details: { grade: "A-" } }),
    "fail bad-result",
  ],
  ["91 days old", exampleStatement("grade.tls", { performed: "2026-08-29" }), "fail expired"],
  ["90 days old", exampleStatement("grade.tls", { performed: "2026-08-30" }), "pass"],
];

for (const each of CASES) {
  test(`grade.tls/attested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(gradeTlsAttested, each), each[2]);
  });
}
