import type { Control } from "../../../core/check.ts";

export const cspPresentControl: Control = {
  id: "csp.present",
  title: "A Content-Security-Policy is enforced",
  severity: "high",
  seed: ["S2.40", "S2.47"],
  risk: "A single injected script runs with the rights of whoever looks at the page, and any site may frame it.",
  rule: "Passes when every fetched HTML page comes with an enforced header that has default-src or script-src and object-src, base-uri and frame-ancestors (several policies count together). Warns when the policy only reports, stands in a meta element only, lacks one of these directives, or is missing on the page of an error alone. Fails when a page has none, or none on one of two fetches, or over one of HTTP/1.1 and HTTP/2. Unknown when a page was not answered or its head was not read to its end.",
  fix: "nginx: add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'\" always; Caddy: header Content-Security-Policy \"...\"; Apache: Header always set Content-Security-Policy \"...\"; in the application: one middleware that sets it on every answer, errors included.",
  references: [
    "https://www.w3.org/TR/CSP3/",
    "https://cwe.mitre.org/data/definitions/1021.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
