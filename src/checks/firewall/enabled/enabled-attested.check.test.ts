import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { firewallEnabledAttested } from "./enabled-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("firewall.enabled"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("firewall.enabled", { expires: "2026-11-27" }), "fail expired"],
];

for (const each of CASES) {
  test(`firewall.enabled: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(firewallEnabledAttested, each), each[2]);
  });
}
