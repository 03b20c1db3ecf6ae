import type { HttpSite } from "../../core/http-site.ts";
import type { ClientView } from "./client.ts";
import type { ObservatoryCodes } from "./results.ts";
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
  return judgeHstsField(header.slice(0, VALUE_CHARACTERS_MAX));
}

function judgeHstsField(value: string): Verdict<"strict-transport-security"> {
  const directives = value.split(";").map((directive) => directive.trim().toLowerCase());
  const ages = directives.filter((directive) => directive.startsWith("max-age="));
  const age = ages.at(-1)?.slice("max-age=".length, DIRECTIVE_CHARACTERS_MAX);
  const seconds = age === undefined ? undefined : Number.parseInt(age, 10);
  const quirks = quirksWhere({
    "hsts-repeated-field": value.includes(","),
    "hsts-spaced-max-age": directives.some((directive) => /^max-age\s+=/.test(directive)),
    "hsts-repeated-max-age": ages.length > 1,
    "hsts-quoted-max-age": /^"\d+"$/.test(age ?? ""),
    "hsts-not-a-number": Number.isNaN(seconds) && !/^"\d+"$/.test(age ?? ""),
    "hsts-number-prefix": seconds !== undefined && /^\s*[+-]?\d+.*\D/.test(age ?? ""),
  });
  if (value.includes(",") || seconds === undefined) {
    return { result: "hsts-header-invalid", quirks };
  }
  // What is not a number is not less than anything.
  const result =
    seconds < SIX_MONTHS_SECONDS
      ? "hsts-implemented-max-age-less-than-six-months"
      : "hsts-implemented-max-age-at-least-six-months";
  return { result, quirks };
}

export function judgeRedirection({ site, http }: ClientView): Verdict<"redirection"> {
  if (http === undefined) return { result: "redirection-not-needed-no-http", quirks: [] };
  const result = redirectionResult(site, http);
  const { status } = http.answer;
  const quirks = quirksWhere({
    "redirect-without-location": site.http.end.kind === "location-missing",
    "redirect-preloaded":
      result === "redirection-all-redirects-preloaded" && http.route.at(-1)?.protocol === "http:",
    "redirect-error-answer": result === "redirection-missing" && status >= 400,
  });
  return { result, quirks };
}

function redirectionResult(
  site: HttpSite,
  { route, isVerified }: NonNullable<ClientView["http"]>,
): ObservatoryCodes["redirection"] {
  const [first, second] = route;
  if (!isVerified) return "redirection-invalid-cert";
  if (route.every(({ hostname }) => isPreloaded(site, hostname))) {
    return "redirection-all-redirects-preloaded";
  }
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
