import type { Control } from "../../../core/check.ts";

export const proxyTlsListenWithoutSsl: Control = {
  id: "proxy.tls-listen-without-ssl",
  title: "Ports meant for HTTPS speak TLS",
  severity: "high",
  seed: [],
  risk: "Port 443 speaks plain HTTP: passwords and cookies cross the network in clear, and https:// does not work at all.",
  rule: "fail: a server with a certificate listens on port 443 or 8443 and no server of that socket says ssl. pass: one does.",
  fix: "nginx: listen 443 ssl;",
  references: [
    "https://nginx.org/en/docs/http/configuring_https_servers.html",
    "https://cwe.mitre.org/data/definitions/319.html",
  ],
};
