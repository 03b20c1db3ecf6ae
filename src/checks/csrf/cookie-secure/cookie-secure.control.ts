import type { Control } from "../../../core/check.ts";

export const csrfCookieSecureControl: Control = {
  id: "csrf.cookie-secure",
  title: "CSRF cookie only over HTTPS",
  severity: "critical",
  seed: ["S2.32", "S2.33", "S2.34"],
  risk: "Whoever sits on the way reads the token over http, or writes one of his own, and the protection is none.",
  rule: "Source: fails where the flag is off under the effective environment. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every CSRF cookie set by any answer has Secure. Fails when one has not. HttpOnly is not asked for, as scripts must read the token. Does not apply when no answer sets one. Which cookie is meant is told by its name: the defaults of known frameworks, or words in it; one that is deleted is left out. Unknown when the site, or a page asked for, gave no answer.",
  fix: "Django: CSRF_COOKIE_SECURE = True; set_cookie(..., secure=True); nginx: proxy_cookie_flags NAME secure;",
  references: [
    "https://cwe.mitre.org/data/definitions/614.html",
    "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
