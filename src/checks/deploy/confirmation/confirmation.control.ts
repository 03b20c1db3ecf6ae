import type { Control } from "../../../core/check.ts";

export const deployConfirmation: Control = {
  id: "deploy.confirmation",
  title: "A person confirmed the manual items",
  severity: "medium",
  seed: ["S2.2", "S2.179"],
  risk: "A pipeline ships what a person would have stopped.",
  rule: "Applies where a gate asks for a confirmation. Passes with a valid attestation deploy.confirmation bound to this commit. Fails when it has expired or does not hold.",
  fix: "plimsoll attest deploy.confirmation --expires 1d --release ID",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
