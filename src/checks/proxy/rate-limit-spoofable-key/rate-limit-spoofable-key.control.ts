import type { Control } from "../../../core/check.ts";

export const proxyRateLimitSpoofableKey: Control = {
  id: "proxy.rate-limit-spoofable-key",
  title: "Rate limits count clients by what they cannot choose",
  severity: "high",
  seed: [],
  risk: "A client that sends another value with every request, or none, is never limited.",
  rule: "fail: the key of a limit_req_zone or limit_conn_zone holds a request field, a cookie or a parameter, directly or through map, set or geo, or a field that tells addresses switches the limit off. pass: none does.",
  fix: "nginx: limit_req_zone $binary_remote_addr ...; behind another proxy with set_real_ip_from and real_ip_header, which put the client's address there.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req_zone",
    "https://cwe.mitre.org/data/definitions/348.html",
  ],
};
