import type { Control } from "../../../core/check.ts";

export const ratelimitTested: Control = {
  id: "ratelimit.tested",
  title: "Limits hold under load",
  severity: "medium",
  seed: ["S2.96", "S2.177"],
  risk: "Limits that were never reached may count per worker, per proxy or not at all, and hold nobody back.",
  rule: "Applies where an application was found. Passes with a valid attestation ratelimit.tested, with the report of the load test, at most 180 days old. Warns when it has expired or does not hold. Unknown without one: no burst is sent.",
  fix: "Send 1.5 times the limit from one address, see 429, keep the report, then: plimsoll attest ratelimit.tested --evidence FILE --expires 180d",
  references: [
    "https://www.rfc-editor.org/rfc/rfc6585",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
