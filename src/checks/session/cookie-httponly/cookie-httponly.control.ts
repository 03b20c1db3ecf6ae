import type { Control } from "../../../core/check.ts";

export const sessionCookieHttponlyControl: Control = {
  id: "session.cookie-httponly",
  title: "Session cookie hidden from scripts",
  severity: "high",
  seed: ["S2.24"],
  risk: "A script that gets into one page reads the session and carries it away.",
  rule: "Source: fails where the flag is off. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every session cookie set by any answer has HttpOnly. Fails when one has not. Cookies of CSRF protection are meant to be read by scripts and are exempt. Does not apply when no answer sets one. Which cookie is meant is told by its name: the defaults of known frameworks, or words in it; one that is deleted is left out. Unknown when the site, or a page asked for, gave no answer.",
  fix: "Django: SESSION_COOKIE_HTTPONLY = True; Flask: SESSION_COOKIE_HTTPONLY=True; express-session: cookie.httpOnly; PHP: session.cookie_httponly = 1; nginx: proxy_cookie_flags NAME httponly;",
  references: [
    "https://cwe.mitre.org/data/definitions/1004.html",
    "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
