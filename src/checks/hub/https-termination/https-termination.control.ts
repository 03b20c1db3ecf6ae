import type { Control } from "../../../core/check.ts";

export const hubHttpsTermination: Control = {
  id: "hub.https-termination",
  title: "TLS ends at that proxy",
  severity: "critical",
  seed: ["S1.29", "S2.129", "S2.130"],
  risk: "Without TLS every agent's credentials and every session cross the network in clear text and can be altered on the way.",
  rule: "On a hub passes when the very server block, site or frontend whose route leads to the application has an active TLS listener with certificate and key, or when the application itself serves TLS. Warns otherwise: certificates in comments, in another or disabled block, listen 443 without ssl, an http:// site, a route on port 80 only, a missing certificate file, a proxy that does not run. Unknown when the configuration cannot be read.",
  fix: "Run certbot --nginx -d NAME, or write NAME { reverse_proxy 127.0.0.1:8000 } in the Caddyfile and reload Caddy.",
  references: [
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://nginx.org/en/docs/http/configuring_https_servers.html",
    "https://caddyserver.com/docs/automatic-https",
    "https://httpd.apache.org/docs/2.4/ssl/ssl_howto.html",
  ],
  compat: { group: "hub", order: 13, check: "https_termination", level: "warn" },
};
