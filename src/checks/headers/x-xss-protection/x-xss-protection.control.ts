import type { Control } from "../../../core/check.ts";

export const headersXXssProtection: Control = {
  id: "headers.x-xss-protection",
  title: "The legacy XSS filter header does no harm",
  severity: "low",
  seed: ["S2.43"],
  risk: "The filter of old browsers, left to change pages, switches off harmless scripts of an attacker's choice and lets pages be read across sites.",
  rule: "Each HTML page is judged. Passes with 1; mode=block (the seed's) or 0 (today's advice), or without the header beside an enforced Content-Security-Policy that stops injected inline scripts. Warns when it is missing otherwise, with 1 alone, with report=, and with a malformed value. Never fails: no current browser has the filter. Does not apply where no HTML is served.",
  fix: "Send X-XSS-Protection: 0, or 1; mode=block where the seed's checklist is asked for; better: a Content-Security-Policy without 'unsafe-inline'.",
  references: [
    "https://owasp.org/www-project-secure-headers/",
    "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-XSS-Protection",
  ],
};
