import type { Control } from "../../../core/check.ts";

export const proxyDotfilesNotDenied: Control = {
  id: "proxy.dotfiles-not-denied",
  title: "Files whose names begin with a dot are not served",
  severity: "medium",
  seed: [],
  risk: "GET /.git/config and /.env hand out the source, its history and the secrets of the application.",
  rule: "warn: a request for /.env or /.git/config below a root, an alias or a file_server ends where files are served to everybody. pass: every such request is denied, answered with an error or handed on. Not concerned: /.well-known/, single files.",
  fix: 'nginx: location ~ /\\.(?!well-known/) { deny all; } before other patterns; the same within locations with ^~. Caddy: file_server { hide .* }. Apache: RedirectMatch 404 "/\\.(?!well-known/)".',
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#location",
    "https://cwe.mitre.org/data/definitions/538.html",
  ],
};
