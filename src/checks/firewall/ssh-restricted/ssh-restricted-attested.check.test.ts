import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { firewallSshRestrictedAttested } from "./ssh-restricted-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("firewall.ssh-restricted"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  [
    "expired",
    exampleStatement("firewall.ssh-restricted", { expires: "2026-11-27" }),
    "warn expired",
  ],
];

for (const each of CASES) {
  test(`firewall.ssh-restricted: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(firewallSshRestrictedAttested, each), each[2]);
  });
}
