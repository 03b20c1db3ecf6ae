import type { Control } from "../../../core/check.ts";

export const headersXContentTypeOptions: Control = {
  id: "headers.x-content-type-options",
  title: "X-Content-Type-Options is nosniff",
  severity: "high",
  seed: ["S2.42", "S2.49"],
  risk: "A browser that guesses types runs an uploaded picture or text as script or style sheet of the site.",
  rule: "Passes when the first value is nosniff, in any letter case, on every answer with a body: the main page twice, the page of a missing address, a static asset, linked and named paths. Warns when it is missing or another value on assets and errors only. Fails when it is missing or another value on a page. Unknown when the main page, or an answer to another of these questions, was not seen. Redirects are not judged: nobody reads their body. At the proxy what nginx sets on the main route is judged the same way; lost, hidden, or missing from files it serves itself warns; what it passes on from an application does not apply there.",
  fix: "nginx: add_header X-Content-Type-Options nosniff always; in each block that has an add_header of its own; Caddy: header X-Content-Type-Options nosniff; Apache: Header always set X-Content-Type-Options nosniff; Django: SECURE_CONTENT_TYPE_NOSNIFF = True.",
  references: [
    "https://fetch.spec.whatwg.org/#x-content-type-options-header",
    "https://cwe.mitre.org/data/definitions/16.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
