import type { Control } from "../../../core/check.ts";

export const proxyHeaderInheritance: Control = {
  id: "proxy.header-inheritance",
  title: "Nested blocks do not lose headers",
  severity: "medium",
  seed: ["S2.133"],
  risk: "The protections that are set for the whole server are absent from just those paths that somebody gave a header of their own.",
  rule: "Passes when every security header that is set at an outer level of nginx reaches the places below it. Warns when a location, or an if in one, has an add_header of its own and does not repeat them: nginx then takes none from further out (unless add_header_inherit merge, nginx 1.29.3, says so). Never fails; that HSTS is lost is also judged by hsts.configured.",
  fix: "Put the headers into a file and include it in each block that has an add_header of its own; or add_header_inherit merge (nginx 1.29.3 and later).",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_headers_module.html",
    "https://owasp.org/www-project-secure-headers/",
  ],
};
