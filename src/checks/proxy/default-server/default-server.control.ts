import type { Control } from "../../../core/check.ts";

export const proxyDefaultServer: Control = {
  id: "proxy.default-server",
  title: "Unknown names are not served",
  severity: "medium",
  seed: ["S1.20"],
  risk: "Scanners that know only the address get the application and its certificate, and forged Host fields reach it.",
  rule: "Judged is the default server of every socket of nginx and Apache that others can reach, and what a frontend of HAProxy does with names it does not know; Caddy and Traefik serve by name. pass: it ends the handshake, refuses, or only redirects, or it refuses names that are not its own. warn: it serves content, by its place in the file or by default_server. Never fails.",
  fix: "nginx: server { listen 80 default_server; listen 443 ssl default_server; server_name _; ssl_reject_handshake on; return 444; } Apache: a first virtual host with Redirect 404 /. HAProxy: use_backend by name and no default_backend, or http-request deny unless { hdr(host) -i NAME }.",
  references: [
    "https://nginx.org/en/docs/http/request_processing.html",
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_reject_handshake",
    "https://cwe.mitre.org/data/definitions/644.html",
  ],
};
