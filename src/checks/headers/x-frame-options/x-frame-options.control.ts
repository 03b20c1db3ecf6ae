import type { Control } from "../../../core/check.ts";

export const headersXFrameOptions: Control = {
  id: "headers.x-frame-options",
  title: "X-Frame-Options is DENY",
  severity: "high",
  seed: ["S2.41", "S2.48"],
  risk: "A foreign site shows the application in an invisible frame and has the visitor click there without knowing.",
  rule: "Each HTML page is judged: the main page twice, the page of a missing address, linked and named paths. Passes with DENY, or with frame-ancestors 'none' in an enforced Content-Security-Policy header, which browsers obey instead; equal values sent twice are noted. Warns with SAMEORIGIN, frame-ancestors 'self' or named origins. Fails when both are missing, with ALLOW-FROM, different or invalid values, or when frame-ancestors lets anyone in. On error pages, and beside frame-ancestors that holds, a fault of the header only warns. Does not apply where no HTML is served. At the proxy what nginx sets on the main route is judged the same way; lost, hidden, or missing from files it serves itself warns; what it passes on from an application does not apply there.",
  fix: "nginx: add_header X-Frame-Options DENY always; in one place only; Caddy: header X-Frame-Options DENY; Apache: Header always set X-Frame-Options DENY; Django: X_FRAME_OPTIONS = 'DENY'; and frame-ancestors 'none' in the Content-Security-Policy.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc7034",
    "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
    "https://cwe.mitre.org/data/definitions/1021.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
