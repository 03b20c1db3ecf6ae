import type { Control } from "../../../core/check.ts";

export const proxyHttpsRedirect: Control = {
  id: "proxy.https-redirect",
  title: "Plain HTTP only leads to HTTPS",
  severity: "critical",
  seed: ["S2.9", "S2.127", "S2.128", "S2.136"],
  risk: "Whoever sits on the way reads and changes everything of a visit that begins over http, passwords and cookies included.",
  rule: "Every name, address family and location of the plain listeners that clients elsewhere reach is asked for. Passes when each is answered by a redirect to https (301, 308), a refusal or a fixed text, or nothing listens. Warns for 302, 303, 307, for a redirect decided by if ($scheme ...), and for one that leads to another http address. Fails when content is served in clear: of a name that has TLS, of some of its names, families or paths, or of one that has no TLS at all. Exempt: /.well-known/ (ACME), listeners on loopback or with proxy_protocol, places only private networks may have, stub_status.",
  fix: "nginx: server { listen 80; listen [::]:80; server_name NAMES; return 301 https://$host$request_uri; } Caddy redirects by itself; Apache: Redirect permanent / https://HOST/ in the *:80 host; HAProxy: http-request redirect scheme https code 301.",
  references: [
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
