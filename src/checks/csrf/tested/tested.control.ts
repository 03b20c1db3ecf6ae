import type { Control } from "../../../core/check.ts";

export const csrfTested: Control = {
  id: "csrf.tested",
  title: "CSRF protection was exercised against production",
  severity: "critical",
  seed: ["S2.36", "S2.118"],
  risk: "A protection that nobody tried may be registered and still let requests of other sites change what a visitor's session may change.",
  rule: "Applies where csrf.enabled does. Passes with a valid attestation csrf.tested bound to this release (--release, else the commit that is checked out). Fails when the attestation has expired, was tampered with or is dated in the future. Unknown without one: nothing is sent to try it out.",
  fix: "Send a request that changes something without its token (403), with a foreign Origin (403) and with its token (not 403), keep the record, then: plimsoll attest csrf.tested --evidence FILE --expires 365d --release ID",
  references: [
    "https://cwe.mitre.org/data/definitions/352.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
