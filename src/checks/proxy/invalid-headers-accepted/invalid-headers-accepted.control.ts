import type { Control } from "../../../core/check.ts";

export const proxyInvalidHeadersAccepted: Control = {
  id: "proxy.invalid-headers-accepted",
  title: "Fields with invalid names are dropped",
  severity: "medium",
  seed: [],
  risk: "Malformed names reach the application, where they may be taken for the fields the proxy sets or for the end of a request.",
  rule: "warn: ignore_invalid_headers is off (of a socket's default server it counts for all). note: underscores_in_headers is on, so that X_Forwarded_For may be taken for X-Forwarded-For. pass: neither.",
  fix: "nginx: take ignore_invalid_headers off; away.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#ignore_invalid_headers",
    "https://cwe.mitre.org/data/definitions/444.html",
  ],
};
