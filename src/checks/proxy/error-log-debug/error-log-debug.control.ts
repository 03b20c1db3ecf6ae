import type { Control } from "../../../core/check.ts";

export const proxyErrorLogDebug: Control = {
  id: "proxy.error-log-debug",
  title: "The error log of nginx is not at debug level",
  severity: "low",
  seed: [],
  risk: "At debug level the log holds request headers, cookies and tokens included, and fills the disk.",
  rule: "note: error_log with the level debug. pass: always; the note says where.",
  fix: "nginx: error_log /var/log/nginx/error.log warn;",
  references: [
    "https://nginx.org/en/docs/debugging_log.html",
    "https://cwe.mitre.org/data/definitions/532.html",
  ],
};
