import type { Control } from "../../../core/check.ts";

export const sessionCookieSecureControl: Control = {
  id: "session.cookie-secure",
  title: "Session cookie only over HTTPS",
  severity: "critical",
  seed: ["S2.22", "S2.23", "S2.24", "S2.25", "S2.168"],
  risk: "Whoever sits on the way makes the browser send one request over http and reads the session from it.",
  rule: "Source: fails where the flag is off under the effective environment. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every session cookie set by any answer has Secure, and says then which prefix its name could carry. Fails when one has not. Does not apply when no answer sets one. Which cookie is meant is told by its name: the defaults of known frameworks, or words in it; one that is deleted is left out. Unknown when the site, or a page asked for, gave no answer.",
  fix: "Django: SESSION_COOKIE_SECURE = True; Starlette: SessionMiddleware(..., https_only=True); Flask: SESSION_COOKIE_SECURE=True; express-session: cookie.secure with trust proxy; nginx: proxy_cookie_flags NAME secure;",
  references: [
    "https://cwe.mitre.org/data/definitions/614.html",
    "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
