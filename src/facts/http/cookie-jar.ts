import {
  defaultCookiePath,
  domainMatches,
  parseSetCookie,
  pathMatches,
  type ReceivedCookie,
} from "../../parsers/cookie.ts";

/** RFC 6265 section 6.1 asks for 50 a domain; a chain that sets more is no use to anyone. */
export const COOKIES_MAX = 200;
/** Bytes of one `Cookie` field; servers refuse more. */
export const FIELD_CHARACTERS_MAX = 8_192;

/** Keeps the cookies of one chain, as a browser would, to send them on the next hop. Never part of a fact. */
export interface CookieJar {
  store(url: URL, setCookie: readonly string[], nowMs: number): void;
  /** The `Cookie` field for a request; `undefined` when there is nothing to send. */
  fieldFor(url: URL, nowMs: number): string | undefined;
}

interface Kept {
  readonly cookie: ReceivedCookie;
  readonly domain: string;
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly expiresMs: number;
}

export function createCookieJar(): CookieJar {
  const kept = new Map<string, Kept>();
  return {
    store(url, setCookie, nowMs) {
      for (const text of setCookie) {
        const cookie = parseSetCookie(text);
        const each = cookie === undefined ? undefined : keep(cookie, url, nowMs);
        if (each === undefined) continue;
        const key = `${each.domain}\n${each.path}\n${each.cookie.name}`;
        if (kept.size < COOKIES_MAX || kept.has(key)) kept.set(key, each);
      }
    },
    fieldFor(url, nowMs) {
      const host = url.hostname.toLowerCase();
      const pairs = [...kept.values()]
        .filter(({ domain, isHostOnly, path, cookie, expiresMs }) => {
          const isHere = isHostOnly ? host === domain : domainMatches(host, domain);
          const isAllowed = !cookie.isSecure || url.protocol === "https:";
          return isHere && isAllowed && pathMatches(url.pathname, path) && expiresMs > nowMs;
        })
        .map(({ cookie }) => `${cookie.name}=${cookie.value}`);
      const field = pairs.join("; ");
      return field === "" || field.length > FIELD_CHARACTERS_MAX ? undefined : field;
    },
  };
}

function keep(cookie: ReceivedCookie, url: URL, nowMs: number): Kept | undefined {
  const host = url.hostname.toLowerCase();
  const { domain = host, path, maxAge, expiresMs } = cookie;
  if (!domainMatches(host, domain)) return undefined;
  const byAge = maxAge === undefined ? undefined : nowMs + maxAge * 1000;
  return {
    cookie,
    domain,
    isHostOnly: cookie.domain === undefined,
    path: path ?? defaultCookiePath(url.pathname),
    expiresMs: byAge ?? expiresMs ?? Number.POSITIVE_INFINITY,
  };
}
