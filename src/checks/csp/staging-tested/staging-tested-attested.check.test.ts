import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { PagePolicy } from "../../../facts/csp-policies.fact.ts";
import {
  exampleAttestations,
  exampleRead,
  exampleStatement,
  judgedBy,
} from "../../attested/example-attestations.ts";
import { cspStagingTestedAttested } from "./staging-tested-attested.check.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

function seen(...hashes: readonly string[]): Reading<readonly PagePolicy[]> {
  const url = "https://shop.example.org/";
  return known(hashes.map((sha256) => ({ url, sha256, hasNonce: true })));
}

const CASES: readonly [
  name: string,
  attested: readonly string[],
  policies: Reading<readonly PagePolicy[]>,
  expected: string,
][] = [
  ["the policy in force", [A], seen(A), "pass"],
  ["two pages with one policy", [A], seen(A, A), "pass"],
  ["another policy", [B], seen(A), "warn not-attested"],
  ["one of two policies", [A], seen(A, B), "warn not-attested"],
  ["two attestations, two policies", [A, B], seen(A, B), "pass"],
  ["none", [], seen(A), "warn not-attested"],
  ["no live target", [A], absent("no URL"), "skip"],
  ["no answer", [A], unknown("unreachable", "refused"), "unknown"],
  ["no nonce", [A], known([{ url: "x", sha256: A, hasNonce: false }]), "skip"],
];

function outcomeOf(attested: readonly string[], policies: Reading<readonly PagePolicy[]>) {
  const read = attested.map((policy) =>
    exampleRead(exampleStatement("csp.staging-tested", { policy })),
  );
  return judgedBy(cspStagingTestedAttested, known(exampleAttestations(read)), { policies });
}

for (const [name, attested, policies, expected] of CASES) {
  test(`csp.staging-tested: ${name} is ${expected}`, () => {
    const outcome = outcomeOf(attested, policies);
    const rule = "findings" in outcome ? ` ${outcome.findings[0].rule}` : "";
    assert.equal(`${outcome.status}${rule}`, expected);
  });
}

test("the fix names the hash that is to be attested", () => {
  const outcome = outcomeOf([A], seen(A, B));
  assert.ok("findings" in outcome);
  assert.equal(
    outcome.findings[0].fix,
    `plimsoll attest csp.staging-tested --expires 365d --policy ${B}`,
  );
});
