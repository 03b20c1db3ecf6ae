import type { HttpSite } from "../../core/http-site.ts";
import type { Statement } from "../../core/trace.ts";
import type { FieldChange, ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import { plainListeners } from "./answering.ts";
import { pagesOf } from "./hsts.ts";

/** Where the visitor of a site's `/` ends up. */
export interface MainSiteRoute {
  readonly site: ProxySite;
  readonly route: SiteRoute;
}

/** The page over TLS of the audited site, where the sites are known; else of the first one. */
export function mainSiteRoute(
  sites: readonly ProxySite[],
  audited: readonly HttpSite[] | undefined,
): SiteRoute | undefined {
  return auditedSiteRoute(
    sites.flatMap((site) => mainOf(site, pagesOf(site))),
    audited,
  )?.route;
}

/** As `mainRoutes` of nginx: one for each site that answers clients elsewhere, over TLS where any of them does. */
export function mainSiteRoutes(sites: readonly ProxySite[]): readonly MainSiteRoute[] {
  const overTls = sites.flatMap((site) => mainOf(site, pagesOf(site)));
  if (overTls.length > 0) return overTls;
  return sites.flatMap((site) => mainOf(site, plainPagesOf(site)));
}

function mainOf(site: ProxySite, pages: readonly SiteRoute[]): readonly MainSiteRoute[] {
  const main = pages.filter(({ match }) => match.kind === "prefix" && match.text === "/");
  const route = main.find(({ action }) => action.kind === "pass") ?? main[0] ?? pages[0];
  return route === undefined ? [] : [{ site, route }];
}

function plainPagesOf(site: ProxySite): readonly SiteRoute[] {
  if (plainListeners(site).length === 0) return [];
  return site.routes.filter(
    ({ action, match }) =>
      match.scheme !== "https" && (action.kind === "pass" || action.kind === "files"),
  );
}

/** The one that answers an audited site, where those are known; else the first one. */
export function auditedSiteRoute(
  routes: readonly MainSiteRoute[],
  audited: readonly HttpSite[] | undefined,
): MainSiteRoute | undefined {
  const named = routes.find(({ site }) => audited?.some(({ host }) => site.names.includes(host)));
  return named ?? routes.find(({ route }) => route.action.kind === "pass") ?? routes[0];
}

/** What a route certainly or perhaps makes of a field, its changes taken in order. */
export type FieldFate =
  /** `replaces`: what the application sends does not get out beside it. `isDefault`: only where that sends none. */
  | {
      readonly does: "sets";
      readonly values: readonly string[];
      readonly at: readonly FieldChange[];
      readonly replaces: boolean;
      readonly isDefault?: true;
    }
  | { readonly does: "removes"; readonly at: FieldChange }
  | { readonly does: "passes-on" }
  | { readonly does: "unknown"; readonly reason: string; readonly at: FieldChange };

const PASSES_ON: FieldFate = { does: "passes-on" };

export function fieldFate(route: SiteRoute, field: string): FieldFate {
  return changesOf(route, field).reduce(withChange, PASSES_ON);
}

function withChange(fate: FieldFate, change: FieldChange): FieldFate {
  const { condition, value = "", isBeside, file, line } = change;
  if (condition !== undefined)
    return { does: "unknown", reason: `only where ${condition}: ${file}:${line}`, at: change };
  switch (change.change) {
    case "remove":
      return isBeside === true && fate.does !== "sets" ? fate : { does: "removes", at: change };
    case "set": {
      const replaces = isBeside !== true || fate.does === "removes";
      return { does: "sets", values: [value], at: [change], replaces };
    }
    case "add": {
      const before = fate.does === "sets" ? fate : { values: [], at: [], replaces: false };
      const replaces = before.replaces || fate.does === "removes";
      const { values, at } = before;
      return { does: "sets", values: [...values, value], at: [...at, change], replaces };
    }
    case "default":
      return withDefault(fate, change);
  }
}

function withDefault(fate: FieldFate, change: FieldChange): FieldFate {
  if (fate.does === "sets" || fate.does === "unknown") return fate;
  const set = { does: "sets", values: [change.value ?? ""], at: [change] } as const;
  return fate.does === "removes"
    ? { ...set, replaces: true }
    : { ...set, replaces: false, isDefault: true };
}

/** As `headerStatements` of nginx: what the route does to a field (lower case), from the inside out. */
export function siteFieldStatements(
  route: SiteRoute,
  field: string,
  canonical: (value: string) => string | undefined,
): readonly Statement[] {
  const own = changesOf(route, field);
  const told = own.filter(
    ({ change, isBeside }, at) =>
      change !== "remove" || isBeside !== true || own.slice(0, at).some(isSetting),
  );
  if (told.length > 0) return told.map((change) => statementOf(change, canonical));
  const where = `${route.file}:${route.line} ${route.text}`;
  return route.action.kind === "pass"
    ? [{ layer: "proxy", says: "passes-on", where, isSourceUnseen: true }]
    : [{ layer: "proxy", says: "passes-on", where }];
}

function isSetting({ change }: FieldChange): boolean {
  return change !== "remove";
}

function changesOf({ responseFields }: SiteRoute, field: string): readonly FieldChange[] {
  return responseFields.filter(({ name, scheme }) => name === field && scheme !== "http");
}

/** A value made of variables: `{host}`, `%[req.hdr(x)]`, `%{X}e`. */
const VARIABLE = /[{%]/;

export function isVariable(value: string): boolean {
  return VARIABLE.test(value);
}

function statementOf(
  { change, value = "", condition, file, line }: FieldChange,
  canonical: (value: string) => string | undefined,
): Statement {
  const layer = "proxy";
  const where = `${file}:${line}`;
  if (condition !== undefined)
    return { layer, says: "unknown", where: `only where ${condition}: ${where}` };
  if (change === "remove") return { layer, says: "drops", where };
  if (change === "default")
    return { layer, says: "unknown", where: `only where none is sent: ${where}` };
  if (isVariable(value))
    return { layer, says: "unknown", where: `its value depends on the request: ${where}` };
  const told = canonical(value);
  return told === undefined
    ? { layer, says: "drops", where: `browsers ignore its value: ${where}` }
    : { layer, says: "sets", value: told, where };
}
