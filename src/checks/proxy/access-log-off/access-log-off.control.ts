import type { Control } from "../../../core/check.ts";

export const proxyAccessLogOff: Control = {
  id: "proxy.access-log-off",
  title: "The proxy logs requests",
  severity: "low",
  seed: [],
  risk: "After an incident there is nothing that tells who asked for what.",
  rule: "note: every access_log in force for what a server answers in general of nginx is off or leads to /dev/null, or nothing tells Caddy, Apache, HAProxy or Traefik to log requests. pass: always; the note says where. Not concerned: single locations, such as health checks.",
  fix: "nginx: access_log /var/log/nginx/access.log; Caddy: log. Apache: CustomLog. HAProxy: log global and option httplog. Traefik: accessLog: {}.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_log_module.html#access_log",
    "https://cwe.mitre.org/data/definitions/778.html",
  ],
};
