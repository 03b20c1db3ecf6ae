import type { Control } from "../../../core/check.ts";

export const hstsConfigured: Control = {
  id: "hsts.configured",
  title: "The active configuration sends HSTS",
  severity: "critical",
  seed: ["S2.12", "S2.13", "S2.17", "S2.133", "S2.169"],
  risk: "A browser that is not told to use https only can be led to http by anyone on the way, who then reads and changes everything.",
  rule: "Passes when Strict-Transport-Security reaches every answer over TLS that the proxy gives, errors included. Warns when it reaches the application's main route but not all: without always (nginx, Apache), under a condition, or lost in a location with an add_header of its own or on some routes; and when the proxy sends none but an application behind it may. Fails when it is lost on the main route or taken out, or when what the proxy answers by itself has none. Does not apply where the proxy speaks no TLS. Commented lines, servers that refuse the handshake and listeners on loopback do not count.",
  fix: 'nginx: add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always; in the https server and in each location with an add_header of its own; Caddy: header Strict-Transport-Security; Apache: Header always set; HAProxy: http-response set-header.',
  references: [
    "https://www.rfc-editor.org/rfc/rfc6797",
    "https://nginx.org/en/docs/http/ngx_http_headers_module.html",
    "https://cwe.mitre.org/data/definitions/319.html",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
