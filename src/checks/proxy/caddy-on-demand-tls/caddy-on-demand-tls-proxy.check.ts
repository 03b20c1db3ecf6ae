import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { caddyOnDemandRule } from "../../proxy-sites/caddy.ts";
import { proxyCaddyOnDemandTls } from "./caddy-on-demand-tls.control.ts";

export const proxyCaddyOnDemandTlsProxy = proxyCheck({
  control: proxyCaddyOnDemandTls,
  reads: "on_demand in tls of every site, and on_demand_tls in the global options.",
  kinds: ["caddy"],
  sites: [caddyOnDemandRule],
  passes: "No certificates are obtained for names nobody asked about",
});
