import type { Control } from "../../../core/check.ts";

export const hubApiAuth: Control = {
  id: "hub.api-auth",
  title: "Hub demands API keys (generation 2)",
  severity: "critical",
  seed: ["S1.26"],
  risk: "With authentication off anybody on the network pushes reports and reads the hub's API.",
  rule: 'On a hub with signs of generation 2 passes when API_KEY_AUTH_ENABLED is on by the application\'s own comparison (== "1"; unset is on only where the default in source is "1") and APIKeyAuthMiddleware is in MIDDLEWARE. Fails when it is off, holds an on-word the comparison rejects, or the middleware is missing. Unknown where source or environment cannot tell.',
  fix: 'Set API_KEY_AUTH_ENABLED=1, add "config.middleware.api_key_auth.APIKeyAuthMiddleware" to MIDDLEWARE and restart the hub.',
  references: [
    "https://cwe.mitre.org/data/definitions/306.html",
    "https://docs.djangoproject.com/en/5.2/ref/settings/#middleware",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
  compat: { group: "hub", order: 10, check: "hub_api_auth", level: "fail" },
};
