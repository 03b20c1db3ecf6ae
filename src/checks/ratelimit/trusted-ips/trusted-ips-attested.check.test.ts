import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../../core/reading.ts";
import {
  type AttestedCase,
  answerOf,
  exampleAttestations,
  exampleStatement,
  judgedBy,
} from "../../attested/example-attestations.ts";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
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

test("ratelimit.trusted-ips: where nothing is exempt an attestation is not missed", () => {
  const readings = { source: known(sourceOf()), ...nginxWanted("http { server { } }") };
  const nobody = judgedBy(ratelimitTrustedIpsAttested, known(exampleAttestations([])), readings);
  assert.equal(nobody.status, "skip", JSON.stringify(nobody));
  const rows = sourceOf(rowOf("ratelimit.trusted", ["10.0.0.1"]));
  const one = judgedBy(ratelimitTrustedIpsAttested, known(exampleAttestations([])), {
    ...readings,
    source: known(rows),
  });
  assert.equal(one.status, "unknown", JSON.stringify(one));
});
