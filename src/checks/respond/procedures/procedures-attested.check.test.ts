import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { respondProceduresAttested } from "./procedures-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("respond.procedures"), "pass"],
  ["nobody attests it", undefined, "warn not-attested"],
  ["expired", exampleStatement("respond.procedures", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`respond.procedures: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(respondProceduresAttested, each), each[2]);
  });
}
