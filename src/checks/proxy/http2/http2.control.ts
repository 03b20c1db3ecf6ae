import type { Control } from "../../../core/check.ts";

export const proxyHttp2: Control = {
  id: "proxy.http2",
  title: "HTTP/2 is switched on where TLS is served",
  severity: "low",
  seed: ["S2.129", "S2.139"],
  risk: "Pages load slower; clients keep several connections and handshakes open where one would do.",
  rule: "pass: http2 on, or listen with http2 (of any server of the socket); a note says that the parameter is deprecated since nginx 1.25.1. warn: neither, for a server that serves something over TLS. Never fails.",
  fix: "nginx 1.25.1 and later: http2 on; in http{} or the server. Before: listen 443 ssl http2;",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9113",
    "https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2",
  ],
};
