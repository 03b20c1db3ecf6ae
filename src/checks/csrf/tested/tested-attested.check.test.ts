import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { csrfTestedAttested } from "./tested-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("csrf.tested"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("csrf.tested", { expires: "2026-11-27" }), "fail expired"],
  ["of another release", exampleStatement("csrf.tested", { release: "v9" }), "unknown"],
];

for (const each of CASES) {
  test(`csrf.tested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(csrfTestedAttested, each), each[2]);
  });
}
