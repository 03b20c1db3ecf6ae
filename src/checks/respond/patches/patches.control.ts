import type { Control } from "../../../core/check.ts";

export const respondPatches: Control = {
  id: "respond.patches",
  title: "Security patches are applied regularly",
  severity: "high",
  seed: ["S2.165"],
  risk: "Holes that are known and mended elsewhere stay open here.",
  rule: "Applies where the machine is looked at. Passes with a valid attestation respond.patches, at most 31 days old. Warns when it has expired or does not hold. Unknown without one.",
  fix: "apt-get update && apt-get upgrade, and unattended-upgrades for what comes next, then: plimsoll attest respond.patches --evidence FILE --expires 31d",
  references: [
    "https://cwe.mitre.org/data/definitions/1104.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
