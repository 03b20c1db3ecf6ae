import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { monitorFailedAuthAttested } from "./failed-auth-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("monitor.failed-auth"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("monitor.failed-auth", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`monitor.failed-auth: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(monitorFailedAuthAttested, each), each[2]);
  });
}
