import type { Control } from "../../../core/check.ts";

export const proxyReturnBypassesAcl: Control = {
  id: "proxy.return-bypasses-acl",
  title: "No return answers with content before access rules are looked at",
  severity: "high",
  seed: [],
  risk: "What is returned is handed to everybody: return runs before allow, deny and passwords.",
  rule: "fail: a location (or server) with allow and deny lines or a password of its own returns text with a 2xx status, or inherits them and returns more than a word of health. pass: none does. Not concerned: errors, redirects and empty answers.",
  fix: "nginx: serve the text from a file, or through try_files and a named location that returns it.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return",
    "https://cwe.mitre.org/data/definitions/863.html",
  ],
};
