import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { caddyAutoHttpsRule, caddyInternalRule } from "../../proxy-sites/caddy.ts";
import { proxyCaddyAutomaticHttps } from "./caddy-automatic-https.control.ts";

export const proxyCaddyAutomaticHttpsProxy = proxyCheck({
  control: proxyCaddyAutomaticHttps,
  reads: "auto_https in Caddy's global options, and tls of every site.",
  kinds: ["caddy"],
  globals: [caddyAutoHttpsRule],
  sites: [caddyInternalRule],
  passes: "Automatic HTTPS is on",
});
