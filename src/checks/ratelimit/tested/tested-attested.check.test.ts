import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { ratelimitTestedAttested } from "./tested-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("ratelimit.tested"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("ratelimit.tested", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`ratelimit.tested: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(ratelimitTestedAttested, each), each[2]);
  });
}
