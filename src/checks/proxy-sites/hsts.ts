import type { Finding } from "../../core/check.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { FieldChange, ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import { parseHsts } from "../../parsers/http/hsts.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import { plainListeners, tlsListeners } from "./answering.ts";
import { hstsEdits } from "./edits.ts";
import { siteFinding } from "./site-finding.ts";
import type { Untold } from "./untold.ts";

const HSTS = "strict-transport-security";
const VALUE = "max-age=31536000; includeSubDomains";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

const FIXES: Words = {
  caddy: `Write: header Strict-Transport-Security "${VALUE}"`,
  apache: `Load mod_headers (a2enmod headers) and in the <VirtualHost *:443> write: Header always set Strict-Transport-Security "${VALUE}"`,
  haproxy: `Write in the frontend: http-response set-header Strict-Transport-Security "${VALUE}"`,
  traefik:
    "Define http.middlewares.hsts.headers: { stsSeconds: 31536000, stsIncludeSubdomains: true } and name it in the router's middlewares",
};

/** A year (catalog, `hsts.max-age`), and half of one, from where on a shorter time is a warning. */
const MAX_AGE_SECONDS_MIN = 31_536_000;
const MAX_AGE_SECONDS_WARN = 15_768_000;

/** Changes that may be the last word over TLS: those behind the last removal. */
function changesOf({ responseFields }: SiteRoute): readonly FieldChange[] {
  const own = responseFields.filter(({ name, scheme }) => name === HSTS && scheme !== "http");
  const last = own.findLastIndex(
    ({ change, condition }) => change === "remove" && condition === undefined,
  );
  return own.slice(last + 1).filter(({ change }) => change !== "remove");
}

/** What a route certainly sets; `undefined`: nothing, or under a condition only. */
function changeOf(route: SiteRoute): FieldChange | undefined {
  return changesOf(route).findLast(({ condition }) => condition === undefined);
}

function removalOf({ responseFields }: SiteRoute): FieldChange | undefined {
  const own = responseFields.filter(({ name, scheme }) => name === HSTS && scheme !== "http");
  const last = own.at(-1);
  return last?.change === "remove" && last.condition === undefined ? last : undefined;
}

/** Pages over TLS without Strict-Transport-Security. */
export const siteHstsMissingRule: SiteRule = (site) => {
  const pages = pagesOf(site);
  const bare = pages.filter((route) => changeOf(route) === undefined);
  const [first] = bare;
  if (first === undefined) return [];
  const fix = FIXES[site.proxy] ?? "Set Strict-Transport-Security";
  const lost = bare.flatMap((route) => {
    const removal = removalOf(route);
    return removal === undefined ? [] : [removal];
  })[0];
  if (lost !== undefined)
    return [
      siteFinding(site, {
        rule: "hsts-missing",
        status: "fail",
        at: lost,
        text: `${lost.change} ${HSTS}`,
        message: "Strict-Transport-Security is taken out of every answer",
        fix,
      }),
    ];
  const partly = changesOf(first)[0];
  if (partly !== undefined)
    return [
      siteFinding(site, {
        rule: "hsts-missing",
        status: "warn",
        at: partly,
        text: `${HSTS} ${partly.value ?? ""}`,
        also: [first],
        message: `Strict-Transport-Security is sent under a condition only: ${partly.condition ?? ""}`,
        fix,
      }),
    ];
  return [bareFinding(site, pages, bare, fix)];
};

/** Routes that nothing is set for, beside others or alone. */
function bareFinding(
  site: ProxySite,
  pages: readonly SiteRoute[],
  bare: readonly SiteRoute[],
  fix: string,
): Finding {
  const isAny = bare.length < pages.length;
  const isPassed = bare.every(({ action }) => action.kind === "pass");
  const first = bare[0];
  const message = isPassed
    ? `No Strict-Transport-Security is sent over TLS by ${site.proxy}: it is there only if the application sends it`
    : "No Strict-Transport-Security is sent over TLS";
  return siteFinding(site, {
    rule: isAny ? "hsts-lost-in-location" : "hsts-missing",
    status: isAny || isPassed ? "warn" : "fail",
    at: isAny ? (first ?? site) : site,
    text: first?.text ?? "",
    also: first === undefined ? [] : [first],
    message: isAny
      ? `No Strict-Transport-Security is sent for ${first?.match.text ?? "a route"}, while other routes send it`
      : message,
    fix,
    ...(!isAny && hstsEdits(site)),
  });
}

/** Routes over TLS that answer with what a visitor came for. */
export function pagesOf(site: ProxySite): readonly SiteRoute[] {
  if (tlsListeners(site).length === 0) return [];
  return site.routes.filter(
    ({ action, match }) =>
      match.scheme !== "http" && (action.kind === "pass" || action.kind === "files"),
  );
}

/** Sent with successful answers only (Apache's `Header set` without `always`). */
export const siteHstsNotAlwaysRule: SiteRule = (site) =>
  hstsOf(site)
    .filter(({ scope }) => scope === "success")
    .map((change) =>
      siteFinding(site, {
        rule: "hsts-not-always",
        status: "warn",
        at: change,
        text: `${HSTS} ${change.value ?? ""}`,
        message: "Strict-Transport-Security is missing from errors: it is set without always",
        fix: FIXES[site.proxy] ?? "Set it on errors as well",
      }),
    );

/** What certainly sets the field on pages over TLS. */
export function hstsOf(site: ProxySite): readonly FieldChange[] {
  const found = pagesOf(site).flatMap((route) => changeOf(route) ?? []);
  return [...new Map(found.map((one) => [`${one.file} ${one.line}`, one])).values()];
}

/** Sent over plain HTTP, where browsers do not read it (RFC 6797, 7.2), and not where they would. */
export const siteHstsPlainRule: SiteRule = (site) => {
  if (plainListeners(site).length === 0 || tlsListeners(site).length > 0) return [];
  const change = site.routes
    .flatMap(({ responseFields }) => responseFields)
    .find(
      ({ name, change: how, scheme }) => name === HSTS && how !== "remove" && scheme !== "https",
    );
  if (change === undefined) return [];
  return [
    siteFinding(site, {
      rule: "hsts-over-http",
      status: "note",
      at: change,
      text: `${HSTS} ${change.value ?? ""}`,
      message: "Strict-Transport-Security is set for plain HTTP, where browsers do not read it",
      fix: "Set it where TLS ends",
    }),
  ];
};

const HAS_VARIABLE = /[{}%$]/;

/** No word of the subdomains; a value browsers ignore altogether is the matter of its max-age. */
export const siteHstsNoSubdomainsRule: SiteRule = (site) =>
  hstsOf(site).flatMap((change): readonly Finding[] => {
    const { value } = change;
    if (value === undefined || HAS_VARIABLE.test(value)) return [];
    const told = parseHsts([value]).effective;
    if (told === undefined || told.includeSubDomains || told.maxAgeSeconds === 0) return [];
    return [
      siteFinding(site, {
        rule: "hsts-no-includesubdomains",
        status: "fail",
        at: change,
        text: `${HSTS} ${value}`,
        message: "Strict-Transport-Security does not cover the subdomains",
        fix: `After every subdomain in use speaks https: ${FIXES[site.proxy] ?? `Send ${VALUE}`}`,
      }),
    ];
  });

/** A value that stands in a variable, for `untold`. */
export const untoldHsts: Untold = (site) => {
  const found = hstsOf(site).find(({ value = "" }) => HAS_VARIABLE.test(value));
  if (found === undefined) return undefined;
  return `${found.file}:${found.line} of ${site.proxy}: ${found.value} is not known here`;
};

/** A time too short for browsers to hold on to. */
export const siteHstsMaxAgeRule: SiteRule = (site) =>
  hstsOf(site).flatMap((change): readonly Finding[] => {
    const { value } = change;
    if (value === undefined || HAS_VARIABLE.test(value)) return [];
    const maxAge = parseHsts([value]).effective?.maxAgeSeconds;
    if (maxAge !== undefined && maxAge >= MAX_AGE_SECONDS_MIN) return [];
    const isShort = maxAge === undefined || maxAge < MAX_AGE_SECONDS_WARN;
    return [
      siteFinding(site, {
        rule: "hsts-short-max-age",
        status: isShort ? "fail" : "warn",
        at: change,
        text: `${HSTS} ${value}`,
        message: `Strict-Transport-Security holds ${maxAge === undefined ? "no max-age" : `for ${maxAge} seconds`}`,
        fix: FIXES[site.proxy] ?? `Send ${VALUE}`,
      }),
    ];
  });
