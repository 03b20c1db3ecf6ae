import type { Control } from "../../../core/check.ts";

export const proxyOriginRegexWeak: Control = {
  id: "proxy.origin-regex-weak",
  title: "Patterns for the site's own origins take nobody else's",
  severity: "high",
  seed: [],
  risk: "Whoever registers a name that ends, or begins, like the site's is let in as if it were the site itself.",
  rule: "Each pattern that a map or an if of nginx holds against $http_origin or $http_referer is tried with names like those it is for: a prefix before the domain (evilexample.com), another domain behind it (example.com.evil.test), another letter for a dot that is not escaped. Fails where an origin of somebody else is taken, warns for a Referer. Patterns that name no site, and maps nothing uses, are not concerned.",
  fix: "Anchor the pattern at both ends and escape its dots: ~^https://(?:[a-z0-9-]+\\.)?example\\.com$",
  references: [
    "https://portswigger.net/web-security/cors",
    "https://cwe.mitre.org/data/definitions/777.html",
    "https://cwe.mitre.org/data/definitions/942.html",
  ],
};
