import type { Control } from "../../../core/check.ts";

export const reviewHeaders: Control = {
  id: "review.headers",
  title: "Security headers were reviewed this quarter",
  severity: "low",
  seed: ["S2.183"],
  risk: "Browsers and what they honour change; a policy of years ago guards against the attacks of years ago.",
  rule: "Applies unless the stage is one of development. Passes with a valid attestation review.headers, at most 92 days old. Warns when it has expired or does not hold. Unknown without one.",
  fix: "Run plimsoll http URL and look at what it says, then: plimsoll attest review.headers --expires 92d",
  references: ["https://owasp.org/www-project-application-security-verification-standard/"],
};
