import type { HttpSite } from "../../core/http-site.ts";
import type { Statement } from "../../core/trace.ts";
import type { SiteRoute } from "../../facts/proxy-site.ts";
import type { Place } from "../../facts/proxy-tls.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import { plainListeners, routesFor } from "./answering.ts";
import { auditedSiteRoute, mainSiteRoutes } from "./field-statements.ts";

/** The size of bodies that Caddy, Apache, HAProxy or Traefik takes on the main route. */
export function siteBodyStatements(concern: Concern): readonly Statement[] {
  return onMainRoute(concern, (route) => {
    const { bodyMax } = route;
    if (bodyMax.state === "unknown") return { says: "unknown", where: bodyMax.why };
    if (bodyMax.state === "unset")
      return { says: "passes-on", where: `no limit is set: ${placeOf(route)}` };
    const { value } = bodyMax;
    const size = value === "unlimited" ? value : `${value} bytes`;
    return { says: "sets", value: size, where: placeOf(bodyMax.at) };
  });
}

/** The limits of requests on it. */
export function siteLimitStatements(concern: Concern): readonly Statement[] {
  return onMainRoute(concern, (route) => {
    const [first, ...others] = route.limits.filter(({ isDryRun }) => !isDryRun);
    if (first === undefined)
      return { says: "passes-on", where: `no limit is in force: ${placeOf(route)}` };
    const value = [first, ...others].map(({ key }) => key).join("; ");
    return { says: "sets", value, where: placeOf(first) };
  });
}

function onMainRoute(
  { sites }: Concern,
  tell: (route: SiteRoute) => Omit<Statement, "layer">,
): readonly Statement[] {
  const main = auditedSiteRoute(mainSiteRoutes(sites), undefined);
  return main === undefined ? [] : [{ layer: "proxy", ...tell(main.route) }];
}

/** What they do to a plain request for `/` of the audited host, or of the first site. */
export function siteRedirectStatements(
  { sites }: Concern,
  audited: readonly HttpSite[] | undefined,
  value: string,
): readonly Statement[] {
  const plain = sites.filter((site) => plainListeners(site).length > 0);
  const named = plain.find(({ names }) => audited?.some(({ host }) => names.includes(host)));
  const site = named ?? plain[0];
  const routes = site === undefined ? [] : routesFor(site, { path: "/", scheme: "http" });
  const [route] = routes;
  if (route === undefined) return [];
  const layer = "proxy";
  const where = `${placeOf(route)} ${route.text}`;
  if (routes.length > 1)
    return [{ layer, says: "unknown", where: `only under a condition: ${where}` }];
  const { action } = route;
  if (action.kind === "redirect" && action.isToHttps)
    return [{ layer, says: "sets", value, where }];
  return [{ layer, says: action.kind === "pass" ? "passes-on" : "drops", where }];
}

function placeOf({ file, line }: Place): string {
  return `${file}:${line}`;
}
