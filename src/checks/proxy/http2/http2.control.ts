import type { Control } from "../../../core/check.ts";

export const proxyHttp2: Control = {
  id: "proxy.http2",
  title: "HTTP/2 is switched on where TLS is served",
  severity: "low",
  seed: ["S2.129", "S2.139"],
  risk: "Pages load slower; clients keep several connections and handshakes open where one would do.",
  rule: "pass: with nginx http2 on, or listen with http2 (of any server of the socket); with Caddy, Traefik and HAProxy from 2.8 on unless h2 is taken out, with Apache and older HAProxy where h2 is named (Protocols, alpn). A note says that the parameter of nginx is deprecated since 1.25.1. warn: it is not on for a server that serves something over TLS. Never fails.",
  fix: "nginx 1.25.1 and later: http2 on; in http{} or the server. Before: listen 443 ssl http2; Apache: a2enmod http2 and Protocols h2 http/1.1. HAProxy: alpn h2,http/1.1 on the bind. Caddy and Traefik do it by themselves.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9113",
    "https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2",
  ],
};
