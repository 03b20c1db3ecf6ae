import type { Control } from "../../../core/check.ts";

export const proxyAllowWithoutDeny: Control = {
  id: "proxy.allow-without-deny",
  title: "Every list of allowed addresses ends in deny all",
  severity: "high",
  seed: [],
  risk: "allow lets addresses in but keeps nobody out: the admin page that was meant for the office is open to the world.",
  rule: "fail: the allow and deny lines in force for a server or location hold an allow of some addresses after which no deny comes. pass: none does. Not concerned: allow all, an exception before a deny of more addresses, and satisfy any with a password, where addresses are an alternative.",
  fix: "nginx: add deny all; behind the last allow of the block.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_access_module.html",
    "https://cwe.mitre.org/data/definitions/284.html",
  ],
};
