import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorToolingAttested } from "./tooling-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.tooling"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.tooling", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.tooling: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorToolingAttested, each), each[2]);
  });
}
