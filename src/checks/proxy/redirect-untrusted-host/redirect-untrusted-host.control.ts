import type { Control } from "../../../core/check.ts";

export const proxyRedirectUntrustedHost: Control = {
  id: "proxy.redirect-untrusted-host",
  title: "Redirects lead to the site's own names",
  severity: "medium",
  seed: [],
  risk: "A cache that keeps a redirect made of a forged Host sends every later visitor to the attacker's site.",
  rule: "Warns when a server of nginx that takes every name (default_server, or a catch-all name) redirects to the name it was asked by, and when a redirect is made of $http_host, which is whatever the client wrote. Servers that have names, and no default_server, may use $host: nothing else gets there by intent.",
  fix: "nginx: return 301 https://example.com$request_uri; in a server with names, and another one with default_server that answers 444.",
  references: [
    "https://portswigger.net/web-security/host-header",
    "https://cwe.mitre.org/data/definitions/601.html",
    "https://cwe.mitre.org/data/definitions/644.html",
  ],
};
