import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { respondContactsAttested } from "./contacts-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("respond.contacts"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("respond.contacts", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`respond.contacts: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(respondContactsAttested, each), each[2]);
  });
}
