import type { Control } from "../../../core/check.ts";

export const sessionLifetimeControl: Control = {
  id: "session.lifetime",
  title: "Session lifetime is bounded",
  severity: "medium",
  seed: ["S2.24"],
  risk: "A session that was stolen, or left open on a machine others use, works for weeks.",
  rule: "Source: warns where it is longer than a day (86400 s) or without end. Framework defaults count where nothing is given; unknown where a value cannot be told; does not apply where source sets up no such cookie. Live: passes when every session cookie set by any answer ends within a day (86400 s) by Max-Age, or by Expires counted from the answer's Date. Warns when one lives longer. Does not apply when no answer sets one, or when one has neither Max-Age nor Expires: it ends with the browser, and only the server knows when the session does. Which cookie is meant is told by its name. Unknown when the site gave no answer.",
  fix: "Starlette: SessionMiddleware(..., max_age=86400), as its default is 14 days; Django: SESSION_COOKIE_AGE = 86400; Flask: PERMANENT_SESSION_LIFETIME=86400; express-session: cookie.maxAge 86400000.",
  references: [
    "https://cwe.mitre.org/data/definitions/613.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
