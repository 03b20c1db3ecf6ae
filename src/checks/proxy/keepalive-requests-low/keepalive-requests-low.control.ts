import type { Control } from "../../../core/check.ts";

export const proxyKeepaliveRequestsLow: Control = {
  id: "proxy.keepalive-requests-low",
  title: "Connections are kept for as many requests as by default",
  severity: "low",
  seed: [],
  risk: "Clients connect and shake hands anew all the time, which costs the server more than the requests.",
  rule: "note, under --pedantic only: keepalive_requests is below 1000, the default since nginx 1.19.10.",
  fix: "nginx: leave keepalive_requests out.",
  references: ["https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_requests"],
};
