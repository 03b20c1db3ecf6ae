import type { ProxySite, SiteListener, SiteRoute } from "../../facts/proxy-site.ts";
import { matchPcre } from "../../parsers/nginx/pcre.ts";
import { isLocalAddress } from "../route/address.ts";

/** Listeners that others can reach and of which it is known what they speak. */
export function reachableListeners(site: ProxySite): readonly SiteListener[] {
  // Caddy answers a site named localhost to nobody who does not call it so.
  if (site.names.length > 0 && site.names.every(isLocalAddress)) return [];
  return site.listeners.filter(
    ({ address, untold }) => untold === undefined && !isLocalAddress(address),
  );
}

export function plainListeners(site: ProxySite): readonly SiteListener[] {
  return reachableListeners(site).filter(({ isTls }) => !isTls);
}

export function tlsListeners(site: ProxySite): readonly SiteListener[] {
  return reachableListeners(site).filter(({ isTls }) => isTls);
}

/** A request as far as it is known. */
export interface Probe {
  /** Begins with `/`. */
  readonly path: string;
  readonly scheme: "http" | "https";
}

/** The routes that may answer a request, in order; the last one does where none before it did. */
export function routesFor(site: ProxySite, probe: Probe): readonly SiteRoute[] {
  const found: SiteRoute[] = [];
  for (const route of site.routes) {
    const answer = matches(route, probe);
    if (answer !== "no") found.push(route);
    if (answer === "yes") return found;
  }
  return found;
}

function matches({ match }: SiteRoute, { path, scheme }: Probe): "yes" | "no" | "maybe" {
  if (match.scheme !== undefined && match.scheme !== scheme) return "no";
  const own = pathMatches(match, path);
  if (own === "no") return "no";
  const except = (match.exceptPaths ?? []).map((pattern) => pathMatches(pattern, path));
  if (except.includes("yes")) return "no";
  const isSure =
    own === "yes" &&
    match.hosts === undefined &&
    match.condition === undefined &&
    !except.includes("maybe");
  return isSure ? "yes" : "maybe";
}

/** Whether a pattern of a route fits a path. */
export function pathMatches(
  { kind, text }: { readonly kind: string; readonly text: string },
  path: string,
): "yes" | "no" | "maybe" {
  switch (kind) {
    case "prefix":
      return path.startsWith(text) ? "yes" : "no";
    case "exact":
      return path === text ? "yes" : "no";
    case "regex": {
      const result = matchPcre(text, false, path);
      return result === "match" ? "yes" : result === "no" ? "no" : "maybe";
    }
    default:
      return globMatches(text, path);
  }
}

/** `*.php`, `/a/*.txt` (Caddy, Apache); anything else cannot be told. */
function globMatches(text: string, path: string): "yes" | "no" | "maybe" {
  if (!/^[\w./*-]{1,200}$/.test(text) || !text.includes("*")) return "maybe";
  const parts = text.split("*");
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = path.indexOf(part, at);
    if (found === -1 || (index === 0 && found !== 0)) return "no";
    at = found + part.length;
  }
  return path.endsWith(parts.at(-1) ?? "") ? "yes" : "no";
}

/** Something a visitor came for: an application, files. */
export function isContent({ action }: SiteRoute): boolean {
  return action.kind === "pass" || action.kind === "files" || action.kind === "unknown";
}
