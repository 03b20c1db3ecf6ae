import type { Control } from "../../../core/check.ts";

export const proxyDavWriteOpen: Control = {
  id: "proxy.dav-write-open",
  title: "Files are not written by strangers",
  severity: "high",
  seed: [],
  risk: "Whoever can PUT a file puts a page or a script of his own on the site, or fills the disk.",
  rule: "fail: dav_methods with a method that writes is in force where everybody may use it. pass: nowhere, or behind addresses, a password or limit_except.",
  fix: "nginx: auth_basic beside dav_methods, or limit_except GET { deny all; } in the location.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_dav_module.html",
    "https://cwe.mitre.org/data/definitions/434.html",
  ],
};
