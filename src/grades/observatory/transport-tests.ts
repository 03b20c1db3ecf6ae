import { fieldValues, type HttpExchange, type HttpSite } from "../../core/http-site.ts";
import { parseIp } from "../../parsers/address.ts";
import { parseHsts } from "../../parsers/http/hsts.ts";
import type { ClientSide, ClientView } from "./client.ts";
import type { Quirk } from "./quirks.ts";
import { OBSERVATORY_RESULTS, type ObservatoryCodes } from "./results.ts";
import { quirksWhere, type Verdict } from "./verdict.ts";

/** 180 days; the method calls it six months. */
const SIX_MONTHS_SECONDS = 15_552_000;
const VALUE_CHARACTERS_MAX = 1024;
/** Characters of a directive the method reads. */
const DIRECTIVE_CHARACTERS_MAX = 128;

export function judgeHsts({ site, https }: ClientView): Verdict<"strict-transport-security"> {
  if (https === undefined) return { result: "hsts-not-implemented-no-https", quirks: [] };
  if (site.preload.state === "yes") return { result: "hsts-preloaded", quirks: [] };
  if (!https.isVerified) return { result: "hsts-invalid-cert", quirks: [] };
  const header = https.answer.headers.get("strict-transport-security");
  if (header === undefined) return { result: "hsts-not-implemented", quirks: [] };
  const verdict = judgeHstsField(header.slice(0, VALUE_CHARACTERS_MAX), linesOf(https.hops.at(-1)));
  const { hostname } = https.route.at(-1) ?? new URL(site.https.url);
  const isAddress = parseIp(hostname.replace(/^\[|\]$/g, "")) !== undefined;
  return {
    ...verdict,
    quirks: [...verdict.quirks, ...quirksWhere({ "hsts-ip-address": isAddress })],
  };
}

function linesOf(exchange: HttpExchange | undefined): readonly string[] {
  return exchange === undefined ? [] : fieldValues(exchange, "strict-transport-security");
}

/** `lines` are the field as it came, for what browsers make of it. */
function judgeHstsField(
  value: string,
  lines: readonly string[],
): Verdict<"strict-transport-security"> {
  const directives = value.split(";").map((directive) => directive.trim().toLowerCase());
  const ages = directives.filter((directive) => directive.startsWith("max-age="));
  const age = ages.at(-1)?.slice("max-age=".length, DIRECTIVE_CHARACTERS_MAX);
  const seconds = age === undefined ? undefined : Number.parseInt(age, 10);
  const named = quirksWhere({
    "hsts-repeated-field": lines.length > 1,
    "hsts-spaced-max-age": directives.some((directive) => /^max-age\s+=/.test(directive)),
    "hsts-repeated-max-age": ages.length > 1,
    "hsts-quoted-max-age": /^\s*"\d+"\s*$/.test(age ?? ""),
    "hsts-not-a-number": Number.isNaN(seconds) && !/^\s*"\d+"\s*$/.test(age ?? ""),
    "hsts-number-prefix": Number.isInteger(seconds) && !/^\s*\d+\s*$/.test(age ?? ""),
  });
  const isInvalid = value.includes(",") || seconds === undefined;
  const browsers = parseHsts(lines).effective?.maxAgeSeconds;
  const quirks = [...named, ...unnamedQuirks(named, isInvalid ? undefined : seconds, browsers)];
  if (isInvalid) return { result: "hsts-header-invalid", quirks };
  // What is not a number is not less than anything.
  const result =
    seconds < SIX_MONTHS_SECONDS
      ? "hsts-implemented-max-age-less-than-six-months"
      : "hsts-implemented-max-age-at-least-six-months";
  return { result, quirks };
}

/** Where method and browsers part without one of the reasons that have a name. Seconds; absent for an ignored field. */
function unnamedQuirks(
  named: readonly Quirk[],
  method: number | undefined,
  browsers: number | undefined,
): readonly Quirk[] {
  const isUnnamed = named.length === 0 && method !== browsers;
  return quirksWhere({
    "hsts-max-age-zero": method === 0 && browsers === 0,
    "hsts-ignored-field": isUnnamed && browsers === undefined,
    "hsts-read-otherwise":
      isUnnamed && browsers !== undefined && browsers < Number.MAX_SAFE_INTEGER,
  });
}

export function judgeRedirection({ site, http }: ClientView): Verdict<"redirection"> {
  if (http === undefined) return { result: "redirection-not-needed-no-http", quirks: [] };
  const without = resultWithoutList(http);
  const isListed =
    http.isVerified && http.route.every(({ hostname }) => isPreloaded(site, hostname));
  const result = isListed ? "redirection-all-redirects-preloaded" : without;
  const isLeftOnHttp = result === "redirection-missing" || result === "redirection-not-to-https";
  const quirks = quirksWhere({
    "redirect-without-location": site.http.end.kind === "location-missing",
    "redirect-data-url": http.route.at(-1)?.protocol === "data:",
    "redirect-preloaded": isListed && !OBSERVATORY_RESULTS[without].isPass,
    "redirect-error-answer": isLeftOnHttp && http.answer.status >= 400,
  });
  return { result, quirks };
}

function resultWithoutList({ route, isVerified }: ClientSide): ObservatoryCodes["redirection"] {
  const [first, second] = route;
  if (!isVerified) return "redirection-invalid-cert";
  if (second === undefined) return "redirection-missing";
  if (route.at(-1)?.protocol !== "https:") return "redirection-not-to-https";
  if (second.protocol === "http:") return "redirection-not-to-https-on-initial-redirection";
  return first?.hostname === second.hostname
    ? "redirection-to-https"
    : "redirection-off-host-from-http";
}

function isPreloaded(site: HttpSite, hostname: string): boolean {
  const isOwn = hostname.replace(/^\[|\]$/g, "") === site.host;
  return (isOwn ? site.preload : site.preloadOf[hostname])?.state === "yes";
}
