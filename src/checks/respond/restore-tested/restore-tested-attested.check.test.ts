import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { respondRestoreTestedAttested } from "./restore-tested-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("respond.restore-tested"), "pass"],
  ["nobody attests it", undefined, "fail not-attested"],
  [
    "expired",
    exampleStatement("respond.restore-tested", { expires: "2026-11-27" }),
    "fail expired",
  ],
];

for (const each of CASES) {
  test(`respond.restore-tested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(respondRestoreTestedAttested, each), each[2]);
  });
}
