import type { Control } from "../../../core/check.ts";

export const depsUpdateCadence: Control = {
  id: "deps.update-cadence",
  title: "Dependencies are updated monthly",
  severity: "medium",
  seed: ["S2.185"],
  risk: "Holes that are known and mended in the next release stay open here for as long as nobody updates.",
  rule: "Applies where a lock file or a list of pinned requirements exists. Passes where each was changed by a commit at most 31 days old, where a configured Dependabot or Renovate had an update merged within 31 days, or with a valid attestation deps.update, at most 31 days old. Warns where the last is older or there is none, or the attestation has expired. Unknown without a readable history and without an attestation.",
  fix: "Run the update, test and ship it, then: plimsoll attest deps.update --expires 31d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
