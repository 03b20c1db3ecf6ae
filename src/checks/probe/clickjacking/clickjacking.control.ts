import type { Control } from "../../../core/check.ts";

export const probeClickjackingControl: Control = {
  id: "probe.clickjacking",
  title: "No page can be framed by a foreign site",
  severity: "high",
  seed: ["S2.119"],
  risk: "A page of somebody else shows this one invisibly in a frame, and the user's clicks act here.",
  rule: "Live: every HTML page that was fetched is judged, the error page, pages asked for and linked ones included; redirects are not shown and not judged. Passes when each has an enforced frame-ancestors in the header, or X-Frame-Options: DENY. Warns where only X-Frame-Options: SAMEORIGIN stands. Fails when a page has neither, a value that browsers ignore, or a frame-ancestors that lets everybody in; in a meta element and in report-only mode neither counts. Does not apply where no HTML is served. Unknown when a page gave no answer, or a policy was longer than is read.",
  fix: "nginx: add_header Content-Security-Policy \"frame-ancestors 'none'\" always; add_header X-Frame-Options DENY always; Django: X_FRAME_OPTIONS = 'DENY' with XFrameOptionsMiddleware; express: helmet({ frameguard: { action: 'deny' } }).",
  references: [
    "https://cwe.mitre.org/data/definitions/1021.html",
    "https://www.w3.org/TR/CSP3/#directive-frame-ancestors",
    "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
