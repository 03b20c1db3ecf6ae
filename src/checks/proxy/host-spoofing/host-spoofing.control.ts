import type { Control } from "../../../core/check.ts";

export const proxyHostSpoofing: Control = {
  id: "proxy.host-spoofing",
  title: "The application gets the name that nginx chose the server by",
  severity: "medium",
  seed: [],
  risk: "Links in mails and redirects point to the attacker's site, and caches are poisoned.",
  rule: "warn: Host is set to a field, cookie or parameter of the request ($http_host, $arg_host), directly or through set or map. pass: $host, a name of the server or a fixed text. A request whose first line holds a whole URL is served by that name while $http_host still holds another.",
  fix: "nginx: proxy_set_header Host $host;",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2",
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#var_host",
    "https://cwe.mitre.org/data/definitions/644.html",
  ],
};
