import type { Control } from "../../../core/check.ts";

export const proxyValidReferersNone: Control = {
  id: "proxy.valid-referers-none",
  title: "A check of the Referer refuses requests without one",
  severity: "medium",
  seed: [],
  risk: "Any page leaves the Referer out by one line (Referrer-Policy: no-referrer) and passes the check as if it were the site's own.",
  rule: "Warns when valid_referers of nginx lists none and $invalid_referer is asked in the same server.",
  fix: "Take none (and blocked) out of valid_referers; for anything but hotlinks use a token or SameSite cookies in place of the Referer.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_referer_module.html",
    "https://cwe.mitre.org/data/definitions/293.html",
  ],
};
