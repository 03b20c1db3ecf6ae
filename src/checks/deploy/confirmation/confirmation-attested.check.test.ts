import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { deployConfirmationAttested } from "./confirmation-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("deploy.confirmation"), "pass"],
  ["nobody attests it", undefined, "skip"],
  ["expired", exampleStatement("deploy.confirmation", { expires: "2026-11-27" }), "fail expired"],
  ["of another release", exampleStatement("deploy.confirmation", { release: "v9" }), "unknown"],
];

for (const each of CASES) {
  test(`deploy.confirmation: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(deployConfirmationAttested, each), each[2]);
  });
}
