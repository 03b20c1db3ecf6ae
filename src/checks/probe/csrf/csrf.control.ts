import type { Control } from "../../../core/check.ts";

export const probeCsrf: Control = {
  id: "probe.csrf",
  title: "Forged requests fail",
  severity: "high",
  seed: ["S2.118"],
  risk: "Another site makes a visitor's browser change what the visitor may change.",
  rule: "Applies where csrf.enabled does. Passes with a valid attestation probe.csrf, or of a penetration test whose scope has csrf, at most 365 days old; it says as well that no GET changes state. Fails when it has expired or does not hold. Unknown without one.",
  fix: "See csrf.tested; look for routes that change state on GET, then: plimsoll attest probe.csrf --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/352.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
