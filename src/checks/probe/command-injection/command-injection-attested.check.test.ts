import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { probeCommandInjectionAttested } from "./command-injection-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("probe.command-injection"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  [
    "expired",
    exampleStatement("probe.command-injection", { expires: "2026-11-27" }),
    "fail expired",
  ],
  ["a penetration test with the area", exampleStatement("pentest"), "pass"],
  ["one without the area", exampleStatement("pentest", { scope: [] }), "unknown"],
];

for (const each of CASES) {
  test(`probe.command-injection: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(probeCommandInjectionAttested, each), each[2]);
  });
}
