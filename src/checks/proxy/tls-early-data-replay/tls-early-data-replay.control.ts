import type { Control } from "../../../core/check.ts";

export const proxyTlsEarlyDataReplay: Control = {
  id: "proxy.tls-early-data-replay",
  title: "The application is told of requests in early data",
  severity: "medium",
  seed: [],
  risk: "Early data of TLS 1.3 can be recorded and sent again: a payment or a vote counts twice.",
  rule: "warn: ssl_early_data is on and a route hands requests on without the field Early-Data and without a condition on $ssl_early_data. pass: early data is off, or the application is told, or nginx answers 425.",
  fix: "nginx: proxy_set_header Early-Data $ssl_early_data; in every such location, and answer 425 in the application; or ssl_early_data off;",
  references: [
    "https://www.rfc-editor.org/rfc/rfc8470",
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_early_data",
    "https://cwe.mitre.org/data/definitions/294.html",
  ],
};
