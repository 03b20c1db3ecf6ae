import type { Control } from "../../../core/check.ts";

export const proxyUpstreamTlsUnverified: Control = {
  id: "proxy.upstream-tls-unverified",
  title: "Certificates of upstreams elsewhere are verified",
  severity: "medium",
  seed: [],
  risk: "Whoever sits between proxy and application shows any certificate and reads and changes everything.",
  rule: "warn: a proxy_pass (grpc_pass, uwsgi_pass, or proxy_ssl in stream) goes over TLS to another machine and proxy_ssl_verify is not on; or Caddy, HAProxy or Traefik are told not to verify it, or Apache is not told to. pass: none does. Not concerned: loopback and unix sockets.",
  fix: "nginx: proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt; proxy_ssl_server_name on; Apache: SSLProxyVerify require. HAProxy: verify required ca-file. Caddy and Traefik: without tls_insecure_skip_verify, insecureSkipVerify.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify",
    "https://cwe.mitre.org/data/definitions/295.html",
  ],
};
