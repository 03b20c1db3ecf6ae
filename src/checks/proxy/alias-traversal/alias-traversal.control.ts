import type { Control } from "../../../core/check.ts";

export const proxyAliasTraversal: Control = {
  id: "proxy.alias-traversal",
  title: "No location leads out of the directory it is an alias for",
  severity: "high",
  seed: [],
  risk: "A request for /static../settings.py reads files beside the directory that is served.",
  rule: "fail: a prefix location whose path does not end in / has an alias that does. pass: none has. A location with = or a pattern is not concerned.",
  fix: "nginx: end the location's path in / where the alias does (location /static/ { alias /srv/static/; }).",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#alias",
    "https://cwe.mitre.org/data/definitions/22.html",
  ],
};
