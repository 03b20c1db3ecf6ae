import type { Control } from "../../../core/check.ts";

export const proxyErrorPageNotInternal: Control = {
  id: "proxy.error-page-not-internal",
  title: "Error pages are for errors only",
  severity: "low",
  seed: [],
  risk: "A page for errors that anyone can ask for by its address shows up with status 200 in searches and caches, and tells what the server is.",
  rule: "Notes a location = of nginx that error_page leads to and that is not internal. Not concerned: error pages by name (@...), at another host, and locations that serve more than the one page.",
  fix: "nginx: internal; in the location of the error page.",
  references: ["https://nginx.org/en/docs/http/ngx_http_core_module.html#internal"],
};
