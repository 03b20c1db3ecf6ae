import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { ratelimitAlertsAttested } from "./alerts-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("ratelimit.alerts"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("ratelimit.alerts", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`ratelimit.alerts: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(ratelimitAlertsAttested, each), each[2]);
  });
}
