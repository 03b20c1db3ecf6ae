import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { firewallOpenPortsAttested } from "./open-ports-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("firewall.open-ports"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("firewall.open-ports", { expires: "2026-11-27" }), "fail expired"],
];

for (const each of CASES) {
  test(`firewall.open-ports: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(firewallOpenPortsAttested, each), each[2]);
  });
}
