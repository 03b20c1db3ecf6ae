import type { Control } from "../../../core/check.ts";

export const proxyRunsAsRoot: Control = {
  id: "proxy.runs-as-root",
  title: "The workers of nginx do not run as root",
  severity: "high",
  seed: [],
  risk: "A flaw in nginx or a module gives the whole machine, and every file of it can be served.",
  rule: "fail: user root; stands in the configuration. pass: another user, or none, which is nobody.",
  fix: "nginx: user www-data; (Debian) or user nginx; - the master stays root for its ports.",
  references: [
    "https://nginx.org/en/docs/ngx_core_module.html#user",
    "https://cwe.mitre.org/data/definitions/250.html",
  ],
};
