import type { Control } from "../../../core/check.ts";

export const probeCommandInjection: Control = {
  id: "probe.command-injection",
  title: "Command injection attempts fail",
  severity: "high",
  seed: ["S2.121"],
  risk: "Text of a visitor becomes a command of the server.",
  rule: "Applies where an application was found. Passes with a valid attestation probe.command-injection, or of a penetration test whose scope has command-injection, at most 365 days old. Fails when it has expired or does not hold. Unknown without one.",
  fix: "Run programs by argument list, never through a shell, have it tested, then: plimsoll attest probe.command-injection --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/78.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
