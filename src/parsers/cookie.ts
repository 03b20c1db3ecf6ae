/** A `Set-Cookie` field as tough-cookie reads it, close to RFC 6265 section 5.2; attribute names in lower case. */
export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  /** Without the leading dot, lower case; absent where the attribute is or is empty. */
  readonly domain?: string;
  /** `null` where the attribute is there and is no absolute path. */
  readonly path?: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresMs?: number;
  /** Seconds. */
  readonly maxAge?: number;
  readonly isSecure: boolean;
  readonly isHttpOnly: boolean;
  /** The last `SameSite`; absent where that one is none of the three. */
  readonly sameSite?: "strict" | "lax" | "none";
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** `undefined` where a browser's jar would drop the field: no name, or control characters. */
export function parseSetCookie(text: string): ReceivedCookie | undefined {
  const [pair = "", ...attributes] = text.trim().split(";");
  const usable = pair.replace(/[\n\r\0].*$/s, "");
  const equals = usable.indexOf("=");
  if (equals <= 0) return undefined;
  const name = usable.slice(0, equals).trim();
  const value = usable.slice(equals + 1).trim();
  if (/[\x00-\x1f]/.test(name + value)) return undefined;
  const cookie: Writable<ReceivedCookie> = { name, value, isSecure: false, isHttpOnly: false };
  for (const attribute of attributes) applyAttribute(cookie, attribute.trim());
  return cookie;
}

function applyAttribute(cookie: Writable<ReceivedCookie>, text: string): void {
  const equals = text.indexOf("=");
  const key = (equals === -1 ? text : text.slice(0, equals)).trim().toLowerCase();
  const value = equals === -1 ? "" : text.slice(equals + 1).trim();
  switch (key) {
    case "expires": {
      const time = parseCookieDate(value);
      if (time !== undefined) cookie.expiresMs = time;
      break;
    }
    case "max-age":
      if (/^-?\d+$/.test(value)) cookie.maxAge = Number.parseInt(value, 10);
      break;
    case "domain": {
      const domain = value.replace(/^\./, "").toLowerCase();
      if (domain !== "") cookie.domain = domain;
      break;
    }
    case "path":
      cookie.path = value.startsWith("/") ? value : null;
      break;
    case "secure":
      cookie.isSecure = true;
      break;
    case "httponly":
      cookie.isHttpOnly = true;
      break;
    case "samesite":
      applySameSite(cookie, value.toLowerCase());
      break;
  }
}

function applySameSite(cookie: Writable<ReceivedCookie>, value: string): void {
  if (value === "strict" || value === "lax" || value === "none") cookie.sameSite = value;
  else delete cookie.sameSite;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DELIMITERS = /[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;

interface DateParts {
  time?: readonly [hour: number, minute: number, second: number];
  day?: number;
  month?: number;
  year?: number;
}

/** RFC 6265 section 5.1.1; milliseconds since the epoch. */
export function parseCookieDate(text: string): number | undefined {
  const parts: DateParts = {};
  for (const token of text.split(DELIMITERS)) readDateToken(parts, token);
  const { time, day, month, year } = parts;
  if (time === undefined || day === undefined || month === undefined || year === undefined) {
    return undefined;
  }
  const [hour, minute, second] = time;
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  return Date.UTC(year, month, day, hour, minute, second);
}

function readDateToken(parts: DateParts, token: string): void {
  const [, hour, minute, second] = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?$/s.exec(token) ?? [];
  if (parts.time === undefined && hour !== undefined) {
    parts.time = [Number(hour), Number(minute), Number(second)];
    return;
  }
  const [, day] = /^(\d{1,2})(?:\D.*)?$/s.exec(token) ?? [];
  if (parts.day === undefined && day !== undefined) {
    parts.day = Number(day);
    return;
  }
  const month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
  if (parts.month === undefined && month !== -1) {
    parts.month = month;
    return;
  }
  const [, year] = /^(\d{2,4})(?:\D.*)?$/s.exec(token) ?? [];
  if (parts.year === undefined && year !== undefined) parts.year = wholeYear(Number(year));
}

function wholeYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year >= 0 && year <= 69 ? year + 2000 : year;
}

/** RFC 6265 section 5.1.3, for names in lower case. An address matches itself only. */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host) && !host.includes(":");
}

/** RFC 6265 section 5.1.4. */
export function defaultCookiePath(pathname: string): string {
  const lastSlash = pathname.lastIndexOf("/");
  return pathname.startsWith("/") && lastSlash > 0 ? pathname.slice(0, lastSlash) : "/";
}

/** RFC 6265 section 5.1.4. */
export function pathMatches(pathname: string, cookiePath: string): boolean {
  if (pathname === cookiePath) return true;
  if (!pathname.startsWith(cookiePath)) return false;
  return cookiePath.endsWith("/") || pathname[cookiePath.length] === "/";
}

/**
 * The field's value with the cookie's own value made unreadable: letters and digits become `x`, so that its length and
 * form stay. Everything an auditor judges is in the attributes.
 */
export function maskSetCookie(text: string): string {
  const semicolon = text.indexOf(";");
  const pair = semicolon === -1 ? text : text.slice(0, semicolon);
  const value = pair.slice(pair.indexOf("=") + 1);
  return text.slice(0, pair.length - value.length) + mask(value) + text.slice(pair.length);
}

function mask(value: string): string {
  return value.replace(/[A-Za-z0-9\x80-\xff]/g, "x");
}
