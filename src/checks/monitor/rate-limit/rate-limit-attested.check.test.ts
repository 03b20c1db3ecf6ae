import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorRateLimitAttested } from "./rate-limit-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.rate-limit"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.rate-limit", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.rate-limit: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorRateLimitAttested, each), each[2]);
  });
}
