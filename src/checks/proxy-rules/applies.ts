import { isReachable } from "../nginx/model.ts";
import { passRoutes } from "../nginx/serving.ts";
import { hasTls } from "../nginx/tls-servers.ts";
import { reachableListeners } from "../proxy-sites/answering.ts";
import type { Concern } from "./concern.ts";

/** For `applies`: whether a proxy speaks TLS. */
export function ifTls({ nginx, sites }: Concern): true | string {
  const isTls =
    nginx.some(({ model }) => hasTls(model)) ||
    sites.some(({ listeners }) => listeners.some((one) => one.isTls));
  return isTls || "No server of the proxy speaks TLS";
}

/** For `applies`: whether a proxy hands requests on. */
export function ifRouted({ nginx, sites }: Concern): true | string {
  const isRouted =
    nginx.some(({ model }) => passRoutes(model).length > 0) ||
    sites.some(({ routes }) => routes.some(({ action }) => action.kind === "pass"));
  return isRouted || "The proxy hands nothing on to an application";
}

/** For `applies`: whether a proxy hands requests of others than its own machine on. */
export function ifReached(concern: Concern): true | string {
  const routed = ifRouted(concern);
  if (routed !== true) return routed;
  const isReached =
    concern.nginx.some(({ model }) =>
      passRoutes(model).some(({ server }) => isReachable(server)),
    ) ||
    concern.sites.some(
      (site) =>
        reachableListeners(site).length > 0 &&
        site.routes.some(({ action }) => action.kind === "pass"),
    );
  return isReached || "The proxy hands on what comes from its own machine alone";
}
