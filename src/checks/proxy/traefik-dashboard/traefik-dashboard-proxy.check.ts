import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { traefikDashboardRule, traefikInsecureApiRule } from "../../proxy-sites/traefik.ts";
import { proxyTraefikDashboard } from "./traefik-dashboard.control.ts";

export const proxyTraefikDashboardProxy = proxyCheck({
  control: proxyTraefikDashboard,
  reads: "api.insecure, and routers of api@internal with their middlewares.",
  kinds: ["traefik"],
  globals: [traefikInsecureApiRule],
  sites: [traefikDashboardRule],
  passes: "The dashboard is closed",
});
