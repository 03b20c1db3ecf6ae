import type { Control } from "../../../core/check.ts";

export const proxyCaddyOnDemandTls: Control = {
  id: "proxy.caddy-on-demand-tls",
  title: "Caddy asks before it obtains a certificate on demand",
  severity: "high",
  seed: [],
  risk: "Anybody who points names at the server makes it obtain certificates until the authority refuses more, for the real names as well.",
  rule: "fail: a site without names, or with a wildcard, has on_demand and no ask (or permission) is set. pass: ask is set, or the site's names are fixed.",
  fix: "Caddy: on_demand_tls { ask http://127.0.0.1:8000/allowed } in the global options.",
  references: ["https://caddyserver.com/docs/automatic-https#on-demand-tls"],
};
