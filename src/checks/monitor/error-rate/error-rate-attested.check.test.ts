import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorErrorRateAttested } from "./error-rate-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.error-rate"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.error-rate", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.error-rate: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorErrorRateAttested, each), each[2]);
  });
}
