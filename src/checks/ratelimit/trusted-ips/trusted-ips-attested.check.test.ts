import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type AttestedCase,
  answerOf,
  exampleStatement,
} from "../../attested/example-attestations.ts";
import { ratelimitTrustedIpsAttested } from "./trusted-ips-attested.check.ts";

const CASES: readonly AttestedCase[] = [
  ["attested", exampleStatement("ratelimit.trusted-ips"), "pass"],
  ["nobody attests it", undefined, "unknown"],
  ["expired", exampleStatement("ratelimit.trusted-ips", { expires: "2026-11-27" }), "warn expired"],
];

for (const each of CASES) {
  test(`ratelimit.trusted-ips: ${each[0]} is ${each[2]}`, () => {
    assert.equal(answerOf(ratelimitTrustedIpsAttested, each), each[2]);
  });
}
