import type { Control } from "../../../core/check.ts";

export const proxyBodySize: Control = {
  id: "proxy.body-size",
  title: "The size of request bodies is limited",
  severity: "critical",
  seed: ["S2.142"],
  risk: "Large bodies fill the disk of the proxy or the memory of the application.",
  rule: "Judged is client_max_body_size in force where requests are handed on. pass: set, above 0 and at most 10 MB. warn: not set (nginx then allows 1 MB), or more than 10 MB. fail: 0, no limit.",
  fix: "nginx: client_max_body_size 10m; in http{} or the server.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
    "https://cwe.mitre.org/data/definitions/770.html",
  ],
};
