import type { Control } from "../../../core/check.ts";

export const hostsLive: Control = {
  id: "hosts.live",
  title: "Foreign Host headers are refused",
  severity: "high",
  seed: ["S1.20"],
  risk: "Who sends a forged Host header gets it into links, redirects, cookies and shared caches of other users.",
  rule:
    "A request with an unknown Host gets a 4xx answer, a closed connection, a TLS refusal, or a redirect that does not repeat the " +
    "name. The application's own page, the name repeated in Location, links or Set-Cookie, and an honoured X-Forwarded-Host warn.",
  fix:
    "Give the application an allow-list (DJANGO_ALLOWED_HOSTS, TrustedHostMiddleware, TRUSTED_HOSTS) and the proxy a catch-all server " +
    "that refuses: nginx: server { listen 443 ssl default_server; ssl_reject_handshake on; return 444; } and server { listen 80 default_server; return 444; }",
  references: [
    "https://cwe.mitre.org/data/definitions/644.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
    "https://nginx.org/en/docs/http/request_processing.html",
  ],
};
