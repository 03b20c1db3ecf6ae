import type { Statement } from "../../core/trace.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import { mainSiteRoute, siteFieldStatements } from "../proxy-sites/field-statements.ts";
import { headerStatements } from "./header-statements.ts";
import { HSTS } from "./hsts.ts";
import { auditedRoute, mainRoutes } from "./main-route.ts";

/** What the proxy does to a part of HSTS on the main route over TLS. */
export function hstsStatements(
  { nginx, sites }: Pick<Concern, "nginx" | "sites">,
  canonical: (values: readonly string[]) => string | undefined,
): readonly Statement[] {
  const routes = mainRoutes(nginx).filter(({ isTls }) => isTls);
  const route = auditedRoute(routes, undefined);
  if (route !== undefined) return headerStatements(route, HSTS, canonical);
  const site = mainSiteRoute(sites, undefined);
  return site === undefined ? [] : siteFieldStatements(site, HSTS, (value) => canonical([value]));
}
