import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorCsrfFailuresAttested } from "./csrf-failures-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.csrf-failures"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.csrf-failures", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.csrf-failures: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorCsrfFailuresAttested, each), each[2]);
  });
}
