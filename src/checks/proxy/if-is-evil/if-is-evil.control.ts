import type { Control } from "../../../core/check.ts";

export const proxyIfIsEvil: Control = {
  id: "proxy.if-is-evil",
  title: "An if in a location returns or rewrites, and does nothing else",
  severity: "medium",
  seed: [],
  risk: "What such an if does with the rest of its location is undefined: access rules, headers or try_files silently drop out.",
  rule: "warn: an if within a location holds something else than return, rewrite with last, redirect or permanent, set and break, and does not return. pass: none does. Not concerned: if in a server.",
  fix: "nginx: a map and a variable in the place of the if, or error_page 418 = @other; with return 418; in the if.",
  references: [
    "https://www.nginx.com/resources/wiki/start/topics/depth/ifisevil/",
    "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if",
  ],
};
