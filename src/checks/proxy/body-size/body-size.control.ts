import type { Control } from "../../../core/check.ts";

export const proxyBodySize: Control = {
  id: "proxy.body-size",
  title: "The size of request bodies is limited",
  severity: "critical",
  seed: ["S2.142"],
  risk: "Large bodies fill the disk of the proxy or the memory of the application.",
  rule: "Judged is the limit in force where requests are handed on: client_max_body_size (nginx), request_body max_size (Caddy), LimitRequestBody (Apache), a rule on content-length (HAProxy), maxRequestBodyBytes (Traefik). pass: set, above 0 and at most 10 MB. warn: not set (nginx then allows 1 MB, Apache from 2.4.54 on 1 GiB, the others anything), or more than 10 MB. fail: 0, no limit.",
  fix: "nginx: client_max_body_size 10m; in http{} or the server. Caddy: request_body { max_size 10MB }. Apache: LimitRequestBody 10485760. HAProxy: http-request deny deny_status 413 if { req.hdr_val(content-length) gt 10485760 }. Traefik: buffering.maxRequestBodyBytes.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
    "https://cwe.mitre.org/data/definitions/770.html",
  ],
};
