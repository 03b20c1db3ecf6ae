import type { Control } from "../../../core/check.ts";

export const sessionCookieSamesiteControl: Control = {
  id: "session.cookie-samesite",
  title: "Session cookie SameSite=strict",
  severity: "critical",
  seed: ["S2.24", "S2.26"],
  risk: "A page of somebody else makes the browser act with the session of the user who looks at it.",
  rule: "Source: passes for strict, warns for lax and where none is sent, fails for none. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every session cookie set by any answer has SameSite=Strict. Warns when one has Lax, none at all or a value that browsers do not know, as they take Lax then, or None. Fails when one has SameSite=None. Does not apply when no answer sets one. Which cookie is meant is told by its name: the defaults of known frameworks, or words in it; one that is deleted is left out. Unknown when the site, or a page asked for, gave no answer.",
  fix: 'Django: SESSION_COOKIE_SAMESITE = \'Strict\'; Starlette: SessionMiddleware(..., same_site="strict"); Flask: SESSION_COOKIE_SAMESITE="Strict"; express-session: cookie.sameSite; nginx: proxy_cookie_flags NAME samesite=strict;',
  references: [
    "https://cwe.mitre.org/data/definitions/1275.html",
    "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
