import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { probeSqlInjectionAttested } from "./sql-injection-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("probe.sql-injection"), "pass"],
  ["nobody attests it", undefined, "skip"],
  ["expired", exampleStatement("probe.sql-injection", { expires: "2026-11-27" }), "fail expired"],
  ["a penetration test with the area", exampleStatement("pentest"), "pass"],
  ["one without the area", exampleStatement("pentest", { scope: [] }), "skip"],
];

for (const each of CASES) {
  test(`probe.sql-injection: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(probeSqlInjectionAttested, each), each[2]);
  });
}
