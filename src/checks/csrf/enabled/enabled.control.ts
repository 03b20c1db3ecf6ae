import type { Control } from "../../../core/check.ts";

export const csrfEnabledControl: Control = {
  id: "csrf.enabled",
  title: "CSRF protection is active",
  severity: "critical",
  seed: ["S2.31", "S2.36"],
  risk: "Any page a signed-in user opens can send forms in his name, as the browser adds the session cookie by itself.",
  rule: "Source: fails where sessions are set up and no protection is registered, where it is switched off, refuses nothing, exempts everything, or runs before the session is there. Warns where it exempts by a prefix that covers more, compares tokens by ==, does not bind them to the session, or is registered under a condition that cannot be told. Does not apply where source sets up no session. Live: what the fetched pages show, read-only; nothing is posted. Passes only where a form carries the token field of Django or Laravel and the same answer sets the cookie that their middleware alone sets, on every form that posts to the own origin. Warns where such a site has a form without that field, and where a session cookie with SameSite=None goes with forms that show no token of any kind. Never fails live: that a page shows no token does not prove that the server asks for none. Unknown in every other case with a form that posts and a session, or a login form; csrf.tested tells those. Does not apply where no fetched page has a form that posts, or where nobody is known by a cookie.",
  fix: "Django: CsrfViewMiddleware in MIDDLEWARE and {% csrf_token %} in each form that posts; Starlette: add_csrf_protection(app) before add_middleware(SessionMiddleware, ...); Express: a CSRF middleware behind the session's.",
  references: [
    "https://cwe.mitre.org/data/definitions/352.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
    "https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html",
  ],
};
