import type { Control } from "../../../core/check.ts";

export const cspStagingTested: Control = {
  id: "csp.staging-tested",
  title: "The policy in force was tested in staging",
  severity: "medium",
  seed: ["S2.79", "S2.84"],
  risk: "A policy nobody tried breaks pages, and is then taken off in a hurry.",
  rule: "Applies where a policy names a nonce. Passes with a valid attestation csp.staging-tested about each policy in force: it is bound to the policy's hash, nonces left out, and says nothing about another. Warns when it has expired or does not hold; also without one, once a key is trusted (--attest-key). Never fails. Unknown, without effect on the exit code, without one as long as no key is.",
  fix: "Run plimsoll audit --url against staging with the same policy, then: plimsoll attest csp.staging-tested --expires 365d --policy HASH (the report names the hash)",
  references: ["https://www.w3.org/TR/CSP3/"],
  unknownExit: "neutral",
};
