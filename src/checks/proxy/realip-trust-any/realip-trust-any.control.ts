import type { Control } from "../../../core/check.ts";

export const proxyRealipTrustAny: Control = {
  id: "proxy.realip-trust-any",
  title: "Client addresses are taken from known proxies only",
  severity: "high",
  seed: [],
  risk: "A client that sends X-Forwarded-For is taken for any address it likes: allow and deny, limits and logs are defeated.",
  rule: "fail: the networks of set_real_ip_from (nginx), trusted_proxies (Caddy), RemoteIPTrustedProxy (Apache) or trustedIPs (Traefik), taken together, hold every public address of IPv4 or of IPv6; RemoteIPHeader of Apache names nobody to trust; insecure of Traefik is on. pass: they do not.",
  fix: "nginx: set_real_ip_from with the addresses of the proxies in front, one line each; the same in trusted_proxies, RemoteIPInternalProxy or trustedIPs.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_realip_module.html",
    "https://cwe.mitre.org/data/definitions/348.html",
  ],
};
