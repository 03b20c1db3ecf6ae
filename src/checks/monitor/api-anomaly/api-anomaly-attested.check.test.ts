import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorApiAnomalyAttested } from "./api-anomaly-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.api-anomaly"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.api-anomaly", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.api-anomaly: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorApiAnomalyAttested, each), each[2]);
  });
}
