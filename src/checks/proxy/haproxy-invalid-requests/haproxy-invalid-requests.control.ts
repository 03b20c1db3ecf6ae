import type { Control } from "../../../core/check.ts";

export const proxyHaproxyInvalidRequests: Control = {
  id: "proxy.haproxy-invalid-requests",
  title: "HAProxy refuses requests the standard forbids",
  severity: "medium",
  seed: [],
  risk: "A request that HAProxy and the application read differently gets past every rule of the proxy (request smuggling).",
  rule: "warn: option accept-invalid-http-request (accept-unsafe-violations-in-http-request) is in force. note: accept-invalid-http-response is. pass: none is; no option takes an inherited one away.",
  fix: "HAProxy: take option accept-invalid-http-request away.",
  references: [
    "https://docs.haproxy.org/2.8/configuration.html#4.2-option%20accept-invalid-http-request",
    "https://www.rfc-editor.org/rfc/rfc9112#section-11.2",
  ],
};
