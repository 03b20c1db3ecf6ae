import type { Control } from "../../../core/check.ts";

export const proxyHttpSplitting: Control = {
  id: "proxy.http-splitting",
  title: "No decoded path gets into a header or a request line",
  severity: "high",
  seed: [],
  risk: "A link with %0d%0a in it adds headers or a whole answer of the attacker's: cookies, scripts, redirects; towards the application, requests.",
  rule: "fail: $uri, $document_uri or a capture that can hold a newline gets into the address of a redirect, a header that is set or added, or a proxy_pass with variables. pass: none does. Numbered captures of a rewrite that redirects are encoded by nginx; [^/]+ can hold a newline, .* and [a-z]+ cannot.",
  fix: "nginx: $request_uri instead of $uri; [a-zA-Z0-9_-]+ instead of [^/]+.",
  references: [
    "https://cwe.mitre.org/data/definitions/113.html",
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#var_uri",
  ],
};
