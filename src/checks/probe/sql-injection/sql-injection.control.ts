import type { Control } from "../../../core/check.ts";

export const probeSqlInjection: Control = {
  id: "probe.sql-injection",
  title: "SQL injection attempts fail",
  severity: "high",
  seed: ["S2.120"],
  risk: "Text of a visitor becomes a statement of the database, which then gives or changes anything.",
  rule: "Passes with a valid attestation probe.sql-injection, or of a penetration test whose scope has sql-injection, at most 365 days old. Fails when it has expired or does not hold. Does not apply without one, unless active tests are asked for.",
  fix: "Bind parameters, never build statements from text, have it tested, then: plimsoll attest probe.sql-injection --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/89.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  unknownExit: "neutral",
};
