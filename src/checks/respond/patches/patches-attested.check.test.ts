import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { respondPatchesAttested } from "./patches-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("respond.patches"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("respond.patches", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`respond.patches: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(respondPatchesAttested, each), each[2]);
  });
}
