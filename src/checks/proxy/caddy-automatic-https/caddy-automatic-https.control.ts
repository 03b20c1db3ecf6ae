import type { Control } from "../../../core/check.ts";

export const proxyCaddyAutomaticHttps: Control = {
  id: "proxy.caddy-automatic-https",
  title: "Caddy's automatic HTTPS is on, with certificates that browsers trust",
  severity: "medium",
  seed: [],
  risk: "What is served in clear, or with a certificate nobody trusts, can be read and changed on the way; people learn to click warnings away.",
  rule: "warn: auto_https is off or disable_redirects, or a public name has tls internal. pass: neither.",
  fix: "Caddy: take auto_https and tls internal away.",
  references: ["https://caddyserver.com/docs/automatic-https"],
};
