import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { firewallDdosAttested } from "./ddos-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("firewall.ddos"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("firewall.ddos", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`firewall.ddos: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(firewallDdosAttested, each), each[2]);
  });
}
