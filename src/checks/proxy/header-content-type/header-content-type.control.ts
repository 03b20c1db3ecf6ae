import type { Control } from "../../../core/check.ts";

export const proxyHeaderContentType: Control = {
  id: "proxy.header-content-type",
  title: "Content-Type is set as a type, not added as a header",
  severity: "low",
  seed: [],
  risk: "An answer with two types is read by the wrong one: a text becomes a page that runs scripts, or a page a download.",
  rule: "Notes add_header Content-Type of nginx: it adds a second field beside the type that nginx or the application sends.",
  fix: "nginx: default_type text/plain; (with types { } where the file name would decide) in place of add_header Content-Type.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#default_type",
    "https://cwe.mitre.org/data/definitions/436.html",
  ],
};
