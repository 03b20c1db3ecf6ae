import type { Control } from "../../../core/check.ts";

export const proxyAutoindex: Control = {
  id: "proxy.autoindex",
  title: "Directories are not listed to strangers",
  severity: "medium",
  seed: [],
  risk: "The list shows files nobody was to find: backups, uploads of others, drafts.",
  rule: "warn: autoindex on (nginx), browse (Caddy) or Options Indexes (Apache) is in force where files are served to everybody and directories reach it. pass: nowhere, or behind addresses or a password.",
  fix: "nginx: autoindex off; (the default), or allow, deny and auth_basic beside it. Caddy: file_server without browse. Apache: Options -Indexes.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_autoindex_module.html",
    "https://cwe.mitre.org/data/definitions/548.html",
  ],
};
