import type { Control } from "../../../core/check.ts";

export const proxyTlsProtocols: Control = {
  id: "proxy.tls-protocols",
  title: "The proxy's configuration allows TLS 1.2 and 1.3 only",
  severity: "critical",
  seed: ["S2.131", "S2.137"],
  risk: "TLS 1.0 and 1.1, SSLv3 and SSLv2 have known attacks; whoever stands between client and server can force a client down to them.",
  rule: "Judged is, with nginx, ssl_protocols of the default server of every TLS socket, whose setting counts for all its servers before 1.29; with Caddy, Apache, HAProxy and Traefik what is in force at every TLS listener. pass: TLSv1.2 and TLSv1.3 at most, or a default that is so (nginx from 1.27.3 on, Caddy, HAProxy from 2.2 on, Traefik from 3 on). warn: older ones are allowed but the OpenSSL at hand refuses them, or nothing is set and the default has older ones or is not known with the version. fail: SSLv2, SSLv3, TLSv1 or TLSv1.1 is allowed and spoken, or nobody knows which OpenSSL it is.",
  fix: "nginx: ssl_protocols TLSv1.2 TLSv1.3; in http{}, and in no server another one. Caddy: tls { protocols tls1.2 tls1.3 }, or nothing. Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3. HAProxy: ssl-default-bind-options ssl-min-ver TLSv1.2. Traefik: minVersion: VersionTLS12 in tls.options.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc8996",
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols",
    "https://cwe.mitre.org/data/definitions/327.html",
  ],
};
