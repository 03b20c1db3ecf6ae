import type { Control } from "../../../core/check.ts";

export const probeXss: Control = {
  id: "probe.xss",
  title: "Cross-site scripting attempts fail (reflected, stored, DOM)",
  severity: "high",
  seed: ["S2.117"],
  risk: "A script that somebody else wrote acts in the visitor's session as the visitor.",
  rule: "Passes with a valid attestation probe.xss, or of a penetration test whose scope has xss, at most 365 days old. Fails when it has expired or does not hold. Does not apply without one, unless active tests are asked for.",
  fix: "Escape for the context that is written into (HTML, attribute, script, address), have it tested, then: plimsoll attest probe.xss --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/79.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
