import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { probeXssAttested } from "./xss-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("probe.xss"), "pass"],
  ["nobody attests it", undefined, "skip"],
  ["expired", exampleStatement("probe.xss", { expires: "2026-11-27" }), "fail expired"],
  ["a penetration test with the area", exampleStatement("pentest"), "pass"],
  ["one without the area", exampleStatement("pentest", { scope: [] }), "skip"],
];

for (const each of CASES) {
  test(`probe.xss: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(probeXssAttested, each), each[2]);
  });
}
