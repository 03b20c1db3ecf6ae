import type { Control } from "../../../core/check.ts";

export const probeSessionFixation: Control = {
  id: "probe.session-fixation",
  title: "Session fixation attempts fail",
  severity: "high",
  seed: ["S2.124"],
  risk: "Whoever plants a session before the login has the session of the visitor after it.",
  rule: "Passes with a valid attestation probe.session-fixation, or of a penetration test whose scope has session-fixation, at most 365 days old. Fails when it has expired or does not hold. Does not apply without one, unless a test user's login is given.",
  fix: "Make a new session at login (Django: request.session.cycle_key()), have it tested, then: plimsoll attest probe.session-fixation --evidence FILE --expires 365d",
  references: [
    "https://cwe.mitre.org/data/definitions/384.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
