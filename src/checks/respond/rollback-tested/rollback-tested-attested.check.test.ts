import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { respondRollbackTestedAttested } from "./rollback-tested-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("respond.rollback-tested"), "pass"],
  ["nobody attests it", undefined, "warn not-attested"],
  [
    "expired",
    exampleStatement("respond.rollback-tested", { expires: "2026-11-27" }),
    "warn expired",
  ],
];

for (const each of CASES) {
  test(`respond.rollback-tested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(respondRollbackTestedAttested, each), each[2]);
  });
}
