import type { Control } from "../../../core/check.ts";

export const proxyErrorLogOff: Control = {
  id: "proxy.error-log-off",
  title: "Errors of nginx are logged",
  severity: "medium",
  seed: [],
  risk: "After an incident there is nothing that tells what was tried and what broke.",
  rule: "warn: every error_log in force for a server leads to /dev/null (or is the word off, a file of that name). pass: none does. Not concerned: single locations.",
  fix: "nginx: error_log /var/log/nginx/error.log warn;",
  references: [
    "https://nginx.org/en/docs/ngx_core_module.html#error_log",
    "https://cwe.mitre.org/data/definitions/778.html",
  ],
};
