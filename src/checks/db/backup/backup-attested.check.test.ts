import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { dbBackupAttested } from "./backup-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("db.backup"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("db.backup", { expires: "2026-11-27" }), "fail expired"],
];

for (const each of CASES) {
  test(`db.backup: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(dbBackupAttested, each), each[2]);
  });
}
