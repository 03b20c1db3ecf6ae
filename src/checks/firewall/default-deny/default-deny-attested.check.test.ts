import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { firewallDefaultDenyAttested } from "./default-deny-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("firewall.default-deny"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("firewall.default-deny", { expires: "2026-11-27" }), "fail expired"],
];

for (const each of CASES) {
  test(`firewall.default-deny: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(firewallDefaultDenyAttested, each), each[2]);
  });
}
