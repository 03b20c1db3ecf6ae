import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import { cookieUse } from "../../parsers/http/cookie-use.ts";
import { type ClientSide, type ClientView, extraAnswer } from "./client.ts";
import { fillJar, type JarCookie } from "./cookie-jar.ts";
import type { ObservatoryCodes } from "./results.ts";
import { quirksWhere, type Verdict } from "./verdict.ts";

type CookieCode = ObservatoryCodes["cookies"];

/** Faults from the least to the worst; the worst of all cookies counts. */
const RANKS: readonly CookieCode[] = [
  "cookies-without-secure-flag-but-protected-by-hsts",
  "cookies-without-secure-flag",
  "cookies-session-without-secure-flag-but-protected-by-hsts",
  "cookies-samesite-flag-invalid",
  "cookies-anticsrf-without-samesite-flag",
  "cookies-session-without-httponly-flag",
  "cookies-session-without-secure-flag",
];
/** Left out by the method; Heroku sets it. */
const IGNORED = "heroku-session-affinity";
const SAME_SITE_VALUES = ["lax", "strict", "none"];

export function judgeCookies(view: ClientView, isHstsPassed: boolean): Verdict<"cookies"> {
  const { judged, site } = view;
  if (judged === undefined) return { result: "cookies-not-found", quirks: [] };
  const { cookies: all, droppedCount } = fillJar(
    exchangesOf(view, judged),
    site.domains,
    site.askedAtMs,
  );
  const cookies = all.filter(({ name }) => name !== IGNORED);
  const rawFaults = judged.answer.setCookie.some(hasInvalidSameSite);
  const namelessCount = exchangesOf(view, judged)
    .flatMap((exchange) => fieldValues(exchange, "set-cookie"))
    .filter((field) => /^\s*(?:=|[^=;]+(?:;|$))/.test(field)).length;
  const quirks = quirksWhere({
    "cookie-dropped": droppedCount > namelessCount,
    "cookie-nameless": namelessCount > 0,
    "cookie-expired": cookies.some(({ isExpired }) => isExpired),
    "cookie-session-name": cookies.some(
      ({ name }) => isSession(name) !== (cookieUse(name)?.use === "session"),
    ),
    "cookie-repeated-samesite": judged.answer.setCookie.some(
      (field) => [...field.matchAll(/;\s*samesite\s*=/gi)].length > 1,
    ),
  });
  if (cookies.length === 0) return { result: "cookies-not-found", quirks };
  const faults = [
    ...(rawFaults ? ["cookies-samesite-flag-invalid" as const] : []),
    ...cookies.flatMap((cookie) => faultsOf(cookie, isHstsPassed)),
  ];
  const worst = Math.max(-1, ...faults.map((fault) => RANKS.indexOf(fault)));
  return { result: RANKS[worst] ?? goodResult(cookies), quirks };
}

function goodResult(cookies: readonly JarCookie[]): CookieCode {
  return cookies.every(({ sameSite }) => sameSite !== undefined)
    ? "cookies-secure-with-httponly-sessions-and-samesite"
    : "cookies-secure-with-httponly-sessions";
}

/**
 * What filled the jar. After a bad certificate the method's further requests have the jar too; otherwise they are made
 * without it.
 */
function exchangesOf({ site }: ClientView, judged: ClientSide): readonly HttpExchange[] {
  if (judged.isVerified) return judged.hops;
  const { robots, preflight, robotsPreflight } = site.extra;
  const options = extraAnswer(robots) === undefined ? preflight : robotsPreflight;
  const further = [robots, options].flatMap((attempt) =>
    attempt !== undefined && "answer" in attempt ? [...(attempt.via ?? []), attempt.answer] : [],
  );
  return [...judged.hops, ...further];
}

function faultsOf(cookie: JarCookie, isHstsPassed: boolean): readonly CookieCode[] {
  const { name, isSecure, isHttpOnly, sameSite } = cookie;
  const faults: CookieCode[] = [];
  const session = isSession(name);
  if (!isSecure && sameSite === "none") faults.push("cookies-samesite-flag-invalid");
  if (!isSecure) faults.push(insecure(session, isHstsPassed));
  if (name.toLowerCase().includes("csrf") && sameSite === undefined) {
    faults.push("cookies-anticsrf-without-samesite-flag");
  }
  if (session && !isHttpOnly) faults.push("cookies-session-without-httponly-flag");
  return faults;
}

function isSession(name: string): boolean {
  return /login|sess/i.test(name);
}

function insecure(session: boolean, isHstsPassed: boolean): CookieCode {
  if (session) {
    return isHstsPassed
      ? "cookies-session-without-secure-flag-but-protected-by-hsts"
      : "cookies-session-without-secure-flag";
  }
  return isHstsPassed
    ? "cookies-without-secure-flag-but-protected-by-hsts"
    : "cookies-without-secure-flag";
}

function hasInvalidSameSite(field: string): boolean {
  return field
    .trim()
    .split(";")
    .map((part) => part.trim().split("="))
    .some(([name = "", value = ""]) => {
      return (
        name.trim().toLowerCase() === "samesite" &&
        !SAME_SITE_VALUES.includes(value.trim().toLowerCase())
      );
    });
}
