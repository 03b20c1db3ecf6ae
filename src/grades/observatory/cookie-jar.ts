import { fieldValues, type HttpExchange, type RegistrableDomain } from "../../core/http-site.ts";
import {
  defaultCookiePath,
  domainMatches,
  parseSetCookie,
  pathMatches,
  type ReceivedCookie,
} from "../../parsers/cookie.ts";

/** A cookie in the method's jar (tough-cookie 5). */
export interface JarCookie extends ReceivedCookie {
  readonly storedDomain: string;
  readonly isHostOnly: boolean;
  readonly storedPath: string;
  readonly isExpired: boolean;
}

export interface JarResult {
  readonly cookies: readonly JarCookie[];
  /** Fields whose cookie the jar did not take. */
  readonly droppedCount: number;
}

/** RFC 6761 names, under which the jar takes the last two labels for a domain without looking at the suffix list. */
const SPECIAL_SUFFIXES: ReadonlySet<string> = new Set([
  "local",
  "example",
  "invalid",
  "localhost",
  "test",
]);
/** Those of them that may be a cookie's domain by themselves. */
const SPECIAL_DOMAINS: ReadonlySet<string> = new Set(["localhost", "invalid"]);

/**
 * The jar after these exchanges. Each request throws out the expired cookies it would have sent; otherwise expired
 * cookies stay.
 */
export function fillJar(
  exchanges: readonly HttpExchange[],
  domains: Readonly<Record<string, RegistrableDomain>>,
  nowMs: number,
): JarResult {
  const jar = new Map<string, JarCookie>();
  let droppedCount = 0;
  for (const exchange of exchanges) {
    const url = new URL(exchange.url);
    dropExpired(jar, url);
    for (const field of fieldValues(exchange, "set-cookie")) {
      const cookie = accept(field, { url, domains, nowMs });
      if (cookie === undefined) droppedCount += 1;
      else jar.set(`${cookie.storedDomain}\n${cookie.storedPath}\n${cookie.name}`, cookie);
    }
  }
  return { cookies: [...jar.values()], droppedCount };
}

function dropExpired(jar: Map<string, JarCookie>, url: URL): void {
  const host = hostOf(url);
  for (const [key, cookie] of jar) {
    const isHere = cookie.isHostOnly
      ? cookie.storedDomain === host
      : domainMatches(host, cookie.storedDomain);
    const isAllowed = !cookie.isSecure || url.protocol === "https:";
    const isSent = isHere && isAllowed && pathMatches(url.pathname, cookie.storedPath);
    if (isSent && cookie.isExpired) jar.delete(key);
  }
}

function accept(
  field: string,
  {
    url,
    domains,
    nowMs,
  }: {
    readonly url: URL;
    readonly domains: Readonly<Record<string, RegistrableDomain>>;
    readonly nowMs: number;
  },
): JarCookie | undefined {
  const cookie = parseSetCookie(field);
  if (cookie === undefined) return undefined;
  const host = hostOf(url);
  const domain = cookie.domain?.trim().replace(/^\./, "");
  if (domain !== undefined) {
    if (isPublicSuffix(domain, domains[cookie.domain ?? ""])) return undefined;
    if (!domainMatches(host, domain)) return undefined;
  }
  const stored: JarCookie = {
    ...cookie,
    storedDomain: domain ?? host,
    isHostOnly: domain === undefined,
    storedPath: cookie.path ?? defaultCookiePath(url.pathname),
    isExpired: isExpired(cookie, nowMs),
  };
  return hasPrefixRight(stored) ? stored : undefined;
}

function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[|\]$/g, "");
}

function isPublicSuffix(domain: string, registrable: RegistrableDomain | undefined): boolean {
  const labels = domain.split(".");
  const last = labels.at(-1) ?? "";
  if (SPECIAL_SUFFIXES.has(last) && (labels.length > 1 || SPECIAL_DOMAINS.has(last))) return false;
  if (domain.includes(":")) return false;
  return (registrable?.withPrivate ?? null) === null;
}

/** RFC 6265bis section 4.1.3, names compared with case. */
function hasPrefixRight({ name, isSecure, isHostOnly, storedPath }: JarCookie): boolean {
  if (name.startsWith("__Secure-")) return isSecure;
  if (name.startsWith("__Host-")) return isSecure && isHostOnly && storedPath === "/";
  return true;
}

function isExpired({ maxAge, expiresMs }: ReceivedCookie, nowMs: number): boolean {
  if (maxAge !== undefined) return maxAge <= 0;
  return expiresMs !== undefined && expiresMs <= nowMs;
}
