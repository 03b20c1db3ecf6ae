import type { Control } from "../../../core/check.ts";

export const tlsRedirectControl: Control = {
  id: "tls.redirect",
  title: "HTTP is redirected to HTTPS",
  severity: "critical",
  seed: ["S2.9", "S2.128", "S2.136"],
  risk: "Whoever sits on the way reads and changes everything of a visit that begins over http, the session included.",
  rule: "Passes when http is closed, or leads at once, by 301 or 308, to https on the same host with path and query kept. Warns when the first step is temporary, goes to another host, loses path or query, is made by the page instead of a status, takes more than three steps, or when http answers with an error. Fails when http serves content, asks for credentials, or leads to http. Unknown when http neither answers nor refuses.",
  fix: "nginx: return 301 https://$host$request_uri; Caddy redirects by itself; Apache: Redirect permanent / https://HOST/ in the *:80 host; HAProxy: http-request redirect scheme https code 301.",
  references: [
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
