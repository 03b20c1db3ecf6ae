import type { Control } from "../../../core/check.ts";

export const ratelimitClientKey: Control = {
  id: "ratelimit.client-key",
  title: "Limits count the right client",
  severity: "high",
  seed: ["S2.94", "S2.134"],
  risk: "Behind a proxy all clients share one count, so one of them locks all others out; or each names the address it is counted by.",
  rule:
    "Where a limiter counts by address behind a proxy, the forwarded address is taken from that proxy alone (--forwarded-allow-ips, " +
    "FORWARDED_ALLOW_IPS, ProxyFix). The proxy's own address, and any proxy trusted, warn.",
  fix: "Start uvicorn with --proxy-headers --forwarded-allow-ips=127.0.0.1, or wrap Flask in ProxyFix(app.wsgi_app, x_for=1).",
  references: [
    "https://cwe.mitre.org/data/definitions/348.html",
    "https://www.uvicorn.org/deployment/#running-behind-nginx",
  ],
};
