import type { Control } from "../../../core/check.ts";

export const proxyUpstreamPlaintextRemote: Control = {
  id: "proxy.upstream-plaintext-remote",
  title: "Requests do not go to public addresses in clear",
  severity: "medium",
  seed: [],
  risk: "What TLS protected up to the proxy - passwords, sessions, pages - crosses other networks readable and changeable.",
  rule: "warn: a proxy_pass or its like (Caddy's reverse_proxy, Apache's ProxyPass, a server of HAProxy or Traefik) leads without TLS to a public address or a public name, by itself or by a server of its upstream block. pass: none does. Not concerned: private and loopback addresses, names of one word (containers), names under .internal, .local and the like, stream.",
  fix: "nginx: proxy_pass https://... with proxy_ssl_verify on;, or a tunnel (WireGuard) and its private address. The others: https:// or ssl verify required, or a tunnel.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",
    "https://cwe.mitre.org/data/definitions/319.html",
  ],
};
