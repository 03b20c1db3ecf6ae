import type { Control } from "../../../core/check.ts";

export const proxyRateLimit: Control = {
  id: "proxy.rate-limit",
  title: "The web server limits the rate of requests",
  severity: "critical",
  seed: ["S2.141"],
  risk: "Passwords can be guessed and the application can be overrun as fast as the line allows.",
  rule: "pass: requests are limited on the application's route: by limit_req and its zone (nginx), rate_limit (Caddy), mod_qos or mod_evasive (Apache), a stick table that is filled and that a rule refuses by (HAProxy), rateLimit (Traefik). warn: nothing limits there, a zone or table is used nowhere, the limit only counts (limit_req_dry_run on), or its key is the same for everybody. Never fails. Does not apply where nothing is handed on to an application.",
  fix: "nginx: limit_req_zone $binary_remote_addr zone=perip:10m rate=10r/s; in http{}, limit_req zone=perip burst=20 nodelay; in the server. Caddy: rate_limit (a module). Apache: QS_ClientEventPerSecLimit. HAProxy: stick-table, http-request track-sc0 src and http-request deny. Traefik: the middleware rateLimit.",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_limit_req_module.html",
    "https://cwe.mitre.org/data/definitions/770.html",
  ],
};
