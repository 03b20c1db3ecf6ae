import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import { reachableListeners, routesFor } from "./answering.ts";
import { siteFinding } from "./site-finding.ts";
import { holdsEveryAddress } from "./trust.ts";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

/** Whether anybody at all gets in. */
export function isOpen({ restrictions }: SiteRoute): boolean {
  return !restrictions.some(({ kind, text }) => kind !== "address" || !holdsEveryAddress(text));
}

const LISTING_FIXES: Words = {
  caddy: "Take browse out of file_server",
  apache: "Write in the <Directory>: Options -Indexes",
};

/** Directories without an index page are listed. */
export const siteAutoindexRule: SiteRule = (site) =>
  openRoutes(site)
    .filter(({ action }) => action.kind === "files" && action.listsDirectories)
    .map((route) =>
      siteFinding(site, {
        rule: "autoindex",
        status: "warn",
        at: route,
        text: route.text,
        message: `Directories below ${route.match.text} are listed to everybody`,
        fix: LISTING_FIXES[site.proxy] ?? "Do not list directories",
      }),
    );

function openRoutes(site: ProxySite): readonly SiteRoute[] {
  if (reachableListeners(site).length === 0) return [];
  return site.routes.filter((route) => isOpen(route) && isMet(site, route));
}

/** Whether a request of its path gets as far as this route. */
function isMet(site: ProxySite, route: SiteRoute): boolean {
  const { kind, text, scheme } = route.match;
  if (kind !== "prefix" && kind !== "exact") return true;
  const ways = scheme === undefined ? (["https", "http"] as const) : [scheme];
  const path = text.startsWith("/") ? text : `/${text}`;
  return ways.some((way) => routesFor(site, { path, scheme: way }).includes(route));
}

const STATUS_FIXES: Words = {
  apache: "Write in the <Location>: Require local",
  haproxy: "Write: bind 127.0.0.1:8404, or: stats auth NAME:PASSWORD with TLS on the bind",
  traefik: "Take api.insecure away and give the router of api@internal a basicAuth middleware",
  caddy: "Write: admin localhost:2019",
};

/** The proxy's own status page for everybody; with the power to change something it is worse. */
export const siteStatusPageRule: SiteRule = (site) =>
  (site.proxy === "traefik" ? [] : ownPages(site, ["status", "admin"])).map((route) => {
    const isAdmin = route.action.kind === "own-page" && route.action.page === "admin";
    return siteFinding(site, {
      rule: "status-page-exposed",
      status: isAdmin ? "fail" : "warn",
      at: route,
      text: route.text,
      message: isAdmin
        ? `The page at ${route.match.text} lets everybody change what the proxy does`
        : `The status page at ${route.match.text} is shown to everybody`,
      fix: STATUS_FIXES[site.proxy] ?? "Ask for a password, or listen on 127.0.0.1",
    });
  });

const METRICS_FIXES: Words = {
  caddy: "Write: @inside remote_ip private_ranges, and: metrics @inside /metrics",
  haproxy:
    "Write: http-request use-service prometheus-exporter if { path /metrics } { src 127.0.0.1 }, or bind 127.0.0.1:8405",
  traefik: "Give metrics.prometheus an entryPoint that listens on 127.0.0.1",
};

/** Figures of the proxy for everybody. */
export const siteMetricsRule: SiteRule = (site) =>
  ownPages(site, ["metrics"]).map((route) =>
    siteFinding(site, {
      rule: "metrics-exposed",
      status: "fail",
      at: route,
      text: route.text,
      message: `Metrics at ${route.match.text} are given to everybody`,
      fix: METRICS_FIXES[site.proxy] ?? "Ask for a password, or listen on 127.0.0.1",
    }),
  );

function ownPages(site: ProxySite, pages: readonly string[]): readonly SiteRoute[] {
  return openRoutes(site).filter(
    ({ action }) => action.kind === "own-page" && pages.includes(action.page),
  );
}

/** What lies in a web root by mistake most often. */
const DOTFILES = ["/.git/config", "/.env"] as const;

const DOTFILE_FIXES: Words = {
  caddy: "Write in file_server { hide .* }, or: @dot path */.* and: respond @dot 404",
  apache:
    'Write: <FilesMatch "^\\."> Require all denied </FilesMatch> and: RedirectMatch 404 "/\\.git"',
};

/** Files whose name begins with a dot are served where they lie below the root. */
export const siteDotfilesRule: SiteRule = (site) => {
  if (reachableListeners(site).length === 0) return [];
  const scheme = site.listeners.some(({ isTls }) => isTls) ? "https" : "http";
  const served = probesIn(site).flatMap((path) => {
    const last = routesFor(site, { path, scheme }).at(-1);
    if (last?.action.kind !== "files" || !isOpen(last)) return [];
    return isHidden(last.action.hides, path) ? [] : [{ path, route: last }];
  });
  const [first] = served;
  if (first === undefined) return [];
  return [
    siteFinding(site, {
      rule: "dotfiles-not-denied",
      status: "warn",
      at: first.route,
      text: first.route.text,
      message: `${served.map(({ path }) => path).join(" and ")} would be served if it lay in the web root`,
      fix: DOTFILE_FIXES[site.proxy] ?? "Refuse paths with a part that begins with a dot",
    }),
  ];
};

/** Prefixes of one site that are tried. */
const PREFIXES_MAX = 100;

/** Below the root and below every prefix that files are served for. */
function probesIn({ routes }: ProxySite): readonly string[] {
  const prefixes = routes.flatMap(({ action, match: { kind, text } }) =>
    action.kind === "files" && kind === "prefix" && text.startsWith("/") && !text.includes("/.")
      ? [text.replace(/\/$/, "")]
      : [],
  );
  return [...new Set(["", ...prefixes])]
    .slice(0, PREFIXES_MAX)
    .flatMap((prefix) => DOTFILES.map((path) => prefix + path));
}

/** A pattern without `/` is one for a single part of the path (Caddy's `hide`, Apache's `Files`). */
function isHidden(hides: readonly string[], path: string): boolean {
  const parts = path.split("/").filter((part) => part !== "");
  return hides.some((pattern) => {
    if (pattern.includes("/")) return path.startsWith(pattern.replace(/^\.?(?=\/)|\/?\*$/g, ""));
    const prefix = pattern.replace(/\*$/, "");
    return parts.some((part) =>
      pattern.endsWith("*") ? part.startsWith(prefix) : part === pattern,
    );
  });
}

/** No log of requests. */
export const siteAccessLogRule: SiteRule = (site) =>
  site.settings
    .filter(({ name, value }) => name === "log" && value === undefined)
    .slice(0, reachableListeners(site).length > 0 ? 1 : 0)
    .map((setting) =>
      siteFinding(site, {
        rule: "access-log-off",
        status: "note",
        at: setting,
        text: setting.text,
        message: "Requests are not logged",
        fix: LOG_FIXES[site.proxy] ?? "Log requests",
      }),
    );

const LOG_FIXES: Words = {
  caddy: "Write in the site: log",
  apache: "Write: CustomLog ${APACHE_LOG_DIR}/access.log combined",
  haproxy: "Write in defaults: log global and option httplog",
  traefik: "Write: accessLog: {}",
};
