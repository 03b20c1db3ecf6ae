import type { Control } from "../../../core/check.ts";

export const probeAuthBypass: Control = {
  id: "probe.auth-bypass",
  title: "Attempts to get past the login fail",
  severity: "high",
  seed: ["S2.123"],
  risk: "A route that is only guarded as it is usually written gives its content to whoever writes it otherwise.",
  rule: "Passes with a valid attestation probe.auth-bypass, or of a penetration test whose scope has auth-bypass, at most 365 days old. Fails when it has expired or does not hold. Does not apply without one, unless protected routes are declared.",
  fix: "Guard by default and open by name; try each route with another case, a trailing slash, //, other methods and forged X-Original-URL, then: plimsoll attest probe.auth-bypass --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/287.html",
    "https://cwe.mitre.org/data/definitions/425.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
