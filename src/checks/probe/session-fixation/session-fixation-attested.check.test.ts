import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { probeSessionFixationAttested } from "./session-fixation-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("probe.session-fixation"), "pass"],
  ["nobody attests it", undefined, "skip"],
  [
    "expired",
    exampleStatement("probe.session-fixation", { expires: "2026-11-27" }),
    "fail expired",
  ],
  ["a penetration test with the area", exampleStatement("pentest"), "pass"],
  ["one without the area", exampleStatement("pentest", { scope: [] }), "skip"],
];

for (const each of CASES) {
  test(`probe.session-fixation: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(probeSessionFixationAttested, each), each[2]);
  });
}
