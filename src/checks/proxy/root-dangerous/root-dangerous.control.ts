import type { Control } from "../../../core/check.ts";

export const proxyRootDangerous: Control = {
  id: "proxy.root-dangerous",
  title: "No directory of the system is served as a site",
  severity: "high",
  seed: [],
  risk: "Whoever guesses a name reads configuration, keys and password hashes of the machine.",
  rule: "fail: files are served to everybody from /, from /etc or below it, from a home directory, or from another directory of the system. pass: from none.",
  fix: "nginx: root /var/www/site; a directory that holds what is to be served and nothing else.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#root",
    "https://cwe.mitre.org/data/definitions/552.html",
  ],
};
