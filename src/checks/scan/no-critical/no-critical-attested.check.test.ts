import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { scanNoCriticalAttested } from "./no-critical-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("scan.no-critical"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("scan.no-critical", { expires: "2026-11-27" }), "fail expired"],
];

for (const each of CASES) {
  test(`scan.no-critical: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(scanNoCriticalAttested, each), each[2]);
  });
}
