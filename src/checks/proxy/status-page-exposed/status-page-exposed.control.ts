import type { Control } from "../../../core/check.ts";

export const proxyStatusPageExposed: Control = {
  id: "proxy.status-page-exposed",
  title: "Status pages are not open to strangers",
  severity: "medium",
  seed: [],
  risk: "Connections, requests and names of other sites tell an attacker when and where to strike.",
  rule: "warn: stub_status or another status page of a server is answered to everybody. fail: so is one that changes something (balancer-manager, stats admin). pass: none is, or on loopback, behind addresses or a password only.",
  fix: "nginx: allow 127.0.0.1; deny all; beside stub_status. Apache: Require local in the <Location>. HAProxy: bind 127.0.0.1:8404, or stats auth behind TLS.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_stub_status_module.html",
    "https://cwe.mitre.org/data/definitions/200.html",
  ],
};
