/** Sites and settings from the text of a configuration, for tables of tests; nothing here runs in an audit. */
import type { Finding } from "../../core/check.ts";
import { known } from "../../core/reading.ts";
import { apacheSites } from "../../facts/proxy-sites/apache.ts";
import { apacheGlobals } from "../../facts/proxy-sites/apache-globals.ts";
import { caddyProxySites } from "../../facts/proxy-sites/caddy.ts";
import { caddyGlobals } from "../../facts/proxy-sites/caddy-globals.ts";
import { haproxySites } from "../../facts/proxy-sites/haproxy.ts";
import { haproxyGlobals } from "../../facts/proxy-sites/haproxy-globals.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { apacheTls } from "../../facts/proxy-tls-apache.ts";
import { caddyTls } from "../../facts/proxy-tls-caddy.ts";
import { haproxyTls } from "../../facts/proxy-tls-haproxy.ts";
import { loadTraefik } from "../../facts/proxy-traefik-load.ts";
import type { ProxyVersion } from "../../facts/proxy-versions.fact.ts";
import { parseApache } from "../../parsers/apache.ts";
import { parseCaddyfile } from "../../parsers/caddyfile/parse.ts";
import { parseCompose } from "../../parsers/compose.ts";
import { parseHaproxy } from "../../parsers/haproxy.ts";
import { sitesWanted } from "../proxy-rules/example-wanted.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { mergedFindings } from "./site-finding.ts";

/** What an audit would hand to the checks where this Caddyfile is all there is. */
export async function caddyWanted(
  text: string,
  imports: Readonly<Record<string, string>> = {},
): Promise<ProxyWanted> {
  const caddyfile = await parseCaddyfile(
    { file: "Caddyfile", text },
    {
      environment: () => undefined,
      async readImport(pattern) {
        const found = imports[pattern];
        return found === undefined ? [] : [{ file: pattern, text: found }];
      },
    },
  );
  return withTls(
    sitesWanted(caddyProxySites(caddyfile, "/srv/Caddyfile"), caddyGlobals(caddyfile, "Caddyfile")),
    caddyTls(caddyfile, "/srv/Caddyfile"),
  );
}

export function haproxyWanted(text: string): ProxyWanted {
  const configuration = parseHaproxy([{ file: "haproxy.cfg", text }]);
  return withTls(
    sitesWanted(haproxySites(configuration), haproxyGlobals(configuration)),
    haproxyTls(configuration),
  );
}

/** `includes`: files by the pattern that names them. */
export async function apacheWanted(
  text: string,
  includes: Readonly<Record<string, string>> = {},
): Promise<ProxyWanted> {
  const configuration = await parseApache(
    { file: "httpd.conf", text },
    {
      defines: new Map(),
      async readInclude(pattern) {
        const found = includes[pattern];
        return found === undefined ? [] : [{ file: pattern, text: found }];
      },
    },
  );
  return withTls(
    sitesWanted(
      apacheSites(configuration, "/etc/apache2"),
      apacheGlobals(configuration, "httpd.conf"),
    ),
    apacheTls(configuration, "/etc/apache2"),
  );
}

/** Files by name; `compose` is the compose project. */
export async function traefikWanted(
  texts: Readonly<Record<string, string>>,
  compose?: string,
): Promise<ProxyWanted> {
  const candidates = Object.keys(texts).map((path) => ({
    proxy: "traefik" as const,
    path,
    foundBy: "in the tree",
    isInstalled: false,
    defines: [],
  }));
  const parsed =
    compose === undefined
      ? undefined
      : parseCompose([{ file: "compose.yml", text: compose }], () => undefined);
  const project = parsed?.ok === true ? parsed.project : undefined;
  const { sites, globals, tls } = await loadTraefik(
    candidates,
    project === undefined ? undefined : { files: ["compose.yml"], project, problems: [] },
    {
      nameOf: (path) => path,
      async read(path) {
        const value = texts[path];
        return value === undefined ? { state: "missing" } : { state: "known", value };
      },
    },
  );
  return withTls(sitesWanted(sites, globals), tls);
}

function withTls(wanted: ProxyWanted, tls: readonly TlsListener[]): ProxyWanted {
  const { routes } = wanted;
  return routes.state === "known" ? { ...wanted, routes: known({ ...routes.value, tls }) } : wanted;
}

/** With the version of a proxy. */
export function withVersion(wanted: ProxyWanted, version: Omit<ProxyVersion, "from">): ProxyWanted {
  return { ...wanted, versions: known([{ ...version, from: "asked" }]) };
}

/** `rule:line status` of what rules say, in order of line. */
export function siteFindings(
  wanted: ProxyWanted,
  sites: readonly SiteRule[],
  globals: readonly GlobalRule[] = [],
): readonly string[] {
  const all = wanted.sites.state === "known" ? wanted.sites.value : [];
  const settings = wanted.globals.state === "known" ? wanted.globals.value : [];
  const found: readonly Finding[] = [
    ...mergedFindings(all.flatMap((site) => sites.flatMap((rule) => rule(site, wanted)))),
    ...settings.flatMap((one) => globals.flatMap((rule) => rule(one, wanted))),
  ];
  return found
    .map(({ rule, status, evidence: [{ line }] }) => ({ line: line ?? 0, rule, status }))
    .toSorted((a, b) => a.line - b.line)
    .map(({ rule, line, status }) => `${rule}:${line} ${status}`);
}
