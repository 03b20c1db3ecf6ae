import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { depsUpdateCadenceAttested } from "./update-cadence-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("deps.update"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("deps.update", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`deps.update-cadence: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(depsUpdateCadenceAttested, each), each[2]);
  });
}
