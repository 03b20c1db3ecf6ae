import type { Control } from "../../../core/check.ts";

export const proxyProxyPassNormalized: Control = {
  id: "proxy.proxy-pass-normalized",
  title: "What proxy_pass does to the path is known",
  severity: "low",
  seed: [],
  risk: "Encoded slashes and dots are decoded before the application sees them: its own checks judge another path than nginx did.",
  rule: "note: a proxy_pass with a path and without variables, in a location by prefix: nginx puts its normalised path behind it. pass: always; the note says where.",
  fix: "nginx: proxy_pass without a path where the application wants the path as it was sent.",
  references: ["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"],
};
