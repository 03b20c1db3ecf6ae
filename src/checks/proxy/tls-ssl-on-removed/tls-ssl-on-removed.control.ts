import type { Control } from "../../../core/check.ts";

export const proxyTlsSslOnRemoved: Control = {
  id: "proxy.tls-ssl-on-removed",
  title: "TLS is switched on by listen, not by the removed ssl directive",
  severity: "low",
  seed: [],
  risk: "nginx from 1.25.1 on refuses the file: the next upgrade ends in an outage.",
  rule: "note: the directive ssl is used; warn where the version is known to refuse it. pass: it is not.",
  fix: "nginx: take ssl on; away and write listen 443 ssl;",
  references: [
    "https://nginx.org/en/CHANGES",
    "https://nginx.org/en/docs/http/configuring_https_servers.html",
  ],
};
