import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { caddyAdminProxiedRule, caddyAdminRule } from "../../proxy-sites/caddy.ts";
import { proxyCaddyAdmin } from "./caddy-admin.control.ts";

export const proxyCaddyAdminProxy = proxyCheck({
  control: proxyCaddyAdmin,
  reads: "admin in Caddy's global options, and reverse_proxy to port 2019.",
  kinds: ["caddy"],
  globals: [caddyAdminRule],
  sites: [caddyAdminProxiedRule],
  passes: "Caddy's administration listens on this machine alone",
});
