import type { Control } from "../../../core/check.ts";

export const csrfCookieSamesiteControl: Control = {
  id: "csrf.cookie-samesite",
  title: "CSRF cookie SameSite=strict",
  severity: "critical",
  seed: ["S2.35"],
  risk: "The token goes along with requests that pages of somebody else make, which is half of a forged request.",
  rule: "Source: passes for strict, warns for lax and where none is sent, fails for none. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every CSRF cookie set by any answer has SameSite=Strict. Warns when one has Lax, none at all or a value that browsers do not know, as they take Lax then, or None. Fails when one has SameSite=None. Does not apply when no answer sets one. Which cookie is meant is told by its name: the defaults of known frameworks, or words in it; one that is deleted is left out. Unknown when the site, or a page asked for, gave no answer.",
  fix: "Django: CSRF_COOKIE_SAMESITE = 'Strict'; set_cookie(..., samesite=\"strict\"); nginx: proxy_cookie_flags NAME samesite=strict;",
  references: [
    "https://cwe.mitre.org/data/definitions/1275.html",
    "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
