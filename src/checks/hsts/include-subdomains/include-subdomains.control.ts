import type { Control } from "../../../core/check.ts";

export const hstsIncludeSubdomains: Control = {
  id: "hsts.include-subdomains",
  title: "HSTS covers the subdomains (includeSubDomains)",
  severity: "critical",
  seed: ["S2.14", "S2.16", "S2.19"],
  risk: "A made-up subdomain reached over http sets cookies for the whole domain, and reads those that are not Secure.",
  rule: "Passes when includeSubDomains, in any letter case, is in each Strict-Transport-Security header that is sent over https: browsers store what they got last. Fails when it is missing, has a value, or browsers ignore the header altogether. At the proxy every value that nginx may send over TLS is judged so. Where the header is missing is judged by hsts.live; without any header this does not apply.",
  fix: "Add ; includeSubDomains after every subdomain in use speaks https.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc6797#section-6.1.2",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
