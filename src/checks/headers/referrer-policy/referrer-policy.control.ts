import type { Control } from "../../../core/check.ts";

export const headersReferrerPolicy: Control = {
  id: "headers.referrer-policy",
  title: "Referrer-Policy keeps addresses from other sites",
  severity: "high",
  seed: ["S2.44", "S2.50"],
  risk: "Paths and queries of pages, with the tokens and names in them, are told to every site that is linked or embedded.",
  rule: "Each HTML page is judged: the main page twice, the page of a missing address, linked and named paths. The last known word of the header counts, and the last valid meta element beside it; the looser of the two decides, as the header holds until the page is read. Passes with no-referrer, same-origin, strict-origin or strict-origin-when-cross-origin. Warns with origin, origin-when-cross-origin, no-referrer-when-downgrade, without a known word, or with none at all. Fails with unsafe-url; on error pages that warns. Does not apply where no HTML is served. At the proxy what nginx sets on the main route is judged the same way; lost, hidden, or missing from files it serves itself warns; what it passes on from an application does not apply there.",
  fix: "Send Referrer-Policy: strict-origin-when-cross-origin. nginx: add_header Referrer-Policy strict-origin-when-cross-origin always; Caddy: header Referrer-Policy strict-origin-when-cross-origin; Django: SECURE_REFERRER_POLICY.",
  references: [
    "https://www.w3.org/TR/referrer-policy/",
    "https://cwe.mitre.org/data/definitions/200.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
