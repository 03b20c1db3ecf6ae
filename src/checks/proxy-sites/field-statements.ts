import type { HttpSite } from "../../core/http-site.ts";
import type { Statement } from "../../core/trace.ts";
import type { FieldChange, ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import { pagesOf } from "./hsts.ts";

/** The page over TLS of the audited site, where the sites are known; else of the first one. */
export function mainSiteRoute(
  sites: readonly ProxySite[],
  audited: readonly HttpSite[] | undefined,
): SiteRoute | undefined {
  const named = sites.filter(({ names }) => audited?.some(({ host }) => names.includes(host)));
  for (const site of named.length > 0 ? named : sites) {
    const pages = pagesOf(site);
    const main = pages.find(({ match }) => match.kind === "prefix" && match.text === "/");
    const found = main ?? pages[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As `headerStatements` of nginx: what the route does to a field (lower case), from the inside out. */
export function siteFieldStatements(
  route: SiteRoute,
  field: string,
  canonical: (value: string) => string | undefined,
): readonly Statement[] {
  const own = route.responseFields.filter(
    ({ name, scheme }) => name === field && scheme !== "http",
  );
  if (own.length > 0) return own.map((change) => statementOf(change, canonical));
  const where = `${route.file}:${route.line} ${route.text}`;
  return route.action.kind === "pass"
    ? [{ layer: "proxy", says: "passes-on", where, isSourceUnseen: true }]
    : [{ layer: "proxy", says: "passes-on", where }];
}

/** A value made of variables: `{host}`, `%[req.hdr(x)]`, `%{X}e`. */
const VARIABLE = /[{%]/;

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
  if (VARIABLE.test(value))
    return { layer, says: "unknown", where: `its value depends on the request: ${where}` };
  const told = canonical(value);
  return told === undefined
    ? { layer, says: "drops", where: `browsers ignore its value: ${where}` }
    : { layer, says: "sets", value: told, where };
}
