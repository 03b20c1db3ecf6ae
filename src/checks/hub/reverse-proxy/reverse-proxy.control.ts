import type { Control } from "../../../core/check.ts";

export const hubReverseProxy: Control = {
  id: "hub.reverse-proxy",
  title: "A reverse proxy fronts this application",
  severity: "high",
  seed: ["S1.28", "S2.134"],
  risk: "Without a proxy the application server itself meets slow clients, oversized requests and plain HTTP from the Internet.",
  rule: "On a hub passes when a proxy (nginx, Caddy, Apache, HAProxy, Traefik, Envoy) runs, or only its configuration is available, and an active route of it leads to the application's listener, socket or service. Warns when none runs and none is configured, when it routes elsewhere, or when it is configured and does not run. Unknown when its configuration cannot be read or the application's listener is not known.",
  fix: "Put a proxy in front: server { location / { proxy_pass http://127.0.0.1:8000; } } in nginx, or NAME { reverse_proxy 127.0.0.1:8000 } in a Caddyfile; then start or reload it.",
  references: [
    "https://cwe.mitre.org/data/definitions/1188.html",
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",
    "https://caddyserver.com/docs/caddyfile/directives/reverse_proxy",
    "https://docs.gunicorn.org/en/stable/deploy.html",
  ],
  compat: { group: "hub", order: 12, check: "reverse_proxy", level: "warn" },
};
