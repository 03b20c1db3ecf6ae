import type { Control } from "../../../core/check.ts";

export const reviewChecklist: Control = {
  id: "review.checklist",
  title: "The checklist was reviewed for this release",
  severity: "medium",
  seed: ["S1.6", "S2.1", "S2.2", "S2.180", "S2.182", "S2.186"],
  risk: "What a release changed nobody looked at with the checklist in hand.",
  rule: "Applies where the release is known (--release, else the commit that is checked out). Passes with a valid attestation review.checklist bound to this release and to this version of the catalog. Warns when it has expired or does not hold; also without one, once a key is trusted (--attest-key). Unknown without one as long as no key is.",
  fix: "Go through plimsoll list --coverage, then: plimsoll attest review.checklist --expires 365d --release ID",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
