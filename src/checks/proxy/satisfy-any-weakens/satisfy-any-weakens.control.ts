import type { Control } from "../../../core/check.ts";

export const proxySatisfyAnyWeakens: Control = {
  id: "proxy.satisfy-any-weakens",
  title: "An address alone is not enough where a password is asked for",
  severity: "medium",
  seed: [],
  risk: "Whoever gets into the allowed network, through any machine or page in it, needs no password.",
  rule: "warn: satisfy any is in force beside an allow of addresses other than this machine's own and a password or token. pass: nowhere. Not concerned: satisfy any without an allow, or with loopback addresses alone.",
  fix: "nginx: take satisfy any; away, so that address and password are both asked for.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_core_module.html#satisfy",
    "https://cwe.mitre.org/data/definitions/287.html",
  ],
};
