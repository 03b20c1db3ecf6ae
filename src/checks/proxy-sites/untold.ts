import type { ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { passedRoutes } from "./limits.ts";
import { tlsOf } from "./tls.ts";

/** What keeps rules from being sure that a site has no fault: one sentence, with its place; `undefined`: nothing. */
export type Untold = (site: ProxySite, wanted: ProxyWanted) => string | undefined;

/**
 * A listener of which it is not known what it speaks, or to whom. Connections that HAProxy hands on as they are
 * (`mode tcp`) are answered by what stands behind it, which is not this layer.
 */
export const untoldListener: Untold = ({ proxy, listeners }) => {
  const found = listeners.find(
    ({ untold }) => untold !== undefined && !untold.startsWith("mode tcp"),
  );
  if (found === undefined) return undefined;
  return `${found.file}:${found.line} of ${proxy}: ${found.untold}`;
};

/** Protocols or ciphers of a site's TLS that are not known, or a listener whose TLS settings were not found. */
export function untoldTls(what: "protocols" | "ciphers"): Untold {
  return (site, wanted) => {
    const own = tlsOf(site, wanted);
    const speaksTls = site.listeners.some(({ isTls }) => isTls);
    if (speaksTls && own.length === 0)
      return `${site.file}:${site.line} of ${site.proxy}: its TLS settings were not found`;
    return own.map((listener) => listener[what]).flatMap(whyUnknown)[0];
  };
}

/** A setting of a route to the application that is not known. */
export function untoldOnRoutes(
  settingOf: (route: SiteRoute) => SiteRoute["websocket"] | SiteRoute["bodyMax"],
): Untold {
  return (site) => passedRoutes(site).map(settingOf).flatMap(whyUnknown)[0];
}

function whyUnknown(
  setting:
    | { readonly state: "set" | "unset" }
    | { readonly state: "unknown"; readonly why: string },
): readonly string[] {
  return setting.state === "unknown" ? [setting.why] : [];
}
