import type { Control } from "../../../core/check.ts";

export const proxyMtlsOptionalUnchecked: Control = {
  id: "proxy.mtls-optional-unchecked",
  title: "Optional client certificates are looked at",
  severity: "high",
  seed: [],
  risk: "The server asks for a certificate and lets everybody in who has none.",
  rule: "fail: ssl_verify_client is optional or optional_no_ca, and neither the server nor a map it uses looks at $ssl_client_verify, nor is the certificate handed to the application. pass: it is on or off, or the answer is used.",
  fix: "nginx: ssl_verify_client on; or if ($ssl_client_verify != SUCCESS) { return 403; } in the server.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client",
    "https://cwe.mitre.org/data/definitions/287.html",
  ],
};
