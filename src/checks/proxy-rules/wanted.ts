import type { Readings } from "../../core/fact.ts";
import { auditOptions } from "../../facts/audit-options.fact.ts";
import { listeners } from "../../facts/listeners.fact.ts";
import { nginxConfigurations } from "../../facts/nginx-configurations.fact.ts";
import { processes } from "../../facts/processes.fact.ts";
import { proxyGlobals } from "../../facts/proxy-globals.fact.ts";
import { proxyRoutes } from "../../facts/proxy-routes.fact.ts";
import { proxySites } from "../../facts/proxy-sites.fact.ts";
import { proxyVersions } from "../../facts/proxy-versions.fact.ts";
import { services } from "../../facts/services.fact.ts";

/** What every check on the configuration of proxies reads. */
export const PROXY_WANTS = {
  routes: proxyRoutes,
  nginx: nginxConfigurations,
  sites: proxySites,
  globals: proxyGlobals,
  versions: proxyVersions,
  listeners,
  processes,
  services,
  options: auditOptions,
};
export type ProxyWanted = Readings<typeof PROXY_WANTS>;
