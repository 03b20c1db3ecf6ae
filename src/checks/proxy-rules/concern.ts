import { known, knownValue, type Problem } from "../../core/reading.ts";
import type { NginxConfiguration } from "../../facts/nginx-configurations.fact.ts";
import type { ProxyKind, ProxyRoute, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { ProxyGlobal, ProxySite } from "../../facts/proxy-site.ts";
import { findDirectives } from "../../parsers/nginx/inherit.ts";
import { directiveText } from "../../parsers/nginx/parse.ts";
import { type NginxServer, selectByName } from "../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES } from "../../parsers/nginx/upstream.ts";
import { type NginxModel, nginxModel } from "../nginx/model.ts";
import { unreadInclude } from "../nginx/unread.ts";
import { proxyPath, routesLeading } from "../route/proxy-path.ts";
import { unreadConfiguration } from "../route/unread-configuration.ts";
import type { ProxyWanted } from "./wanted.ts";

/** Which of the proxy configurations on the machine are the audited deployment's (catalog G11). */
export interface Concern {
  readonly nginx: readonly {
    readonly model: NginxModel;
    /** The servers that are; rules look at all, findings on others are another project's. */
    readonly servers: ReadonlySet<NginxServer>;
  }[];
  readonly sites: readonly ProxySite[];
  /** Of the configurations whose sites they are. */
  readonly globals: readonly ProxyGlobal[];
  readonly isEmpty: boolean;
  /** Why nothing concerns it, where it is known that nothing does. */
  readonly because?: string;
  /** What could not be read or told. */
  readonly open?: Problem;
  /** The same of one proxy alone, for checks that are about it. */
  openOf(kinds: readonly ProxyKind[]): Problem | undefined;
}

const concerns = new WeakMap<object, Concern>();

/**
 * Configurations that lie in the audited tree concern it whole, unless an installed one of the same proxy
 * is read instead. Of installed ones those servers do that lead to the application or are named as an
 * audited URL's host is, with those that answer for the same names (the redirect on port 80) and those that
 * their sockets have for names nobody knows.
 */
export function concernOf(wanted: ProxyWanted): Concern {
  const key = knownValue(wanted.routes) ?? wanted;
  const known = concerns.get(key) ?? makeConcern(wanted);
  concerns.set(key, known);
  return known;
}

function makeConcern(wanted: ProxyWanted): Concern {
  const routes = knownValue(wanted.routes);
  if (routes === undefined) {
    const open =
      wanted.routes.state === "unknown"
        ? wanted.routes.problem
        : { code: "not-recorded" as const, detail: "Proxy configurations were not looked for" };
    return { nginx: [], sites: [], globals: [], isEmpty: true, open, openOf: () => open };
  }
  const configurations = (knownValue(wanted.nginx) ?? []).filter(
    ({ isInstalled }) => isInstalled !== false,
  );
  const isInstalledOne = [...configurations, ...(knownValue(wanted.sites) ?? [])].some(
    ({ isInstalled }) => isInstalled === true,
  );
  const way = isInstalledOne ? leadingOf(routes, wanted) : { leading: [] };
  const nginx = configurations
    .map((one) => withServers(one, way.leading, wanted))
    .filter(({ servers, model }) => servers.size > 0 || model.configuration.isInstalled !== true);
  const sites = concernedSites(knownValue(wanted.sites) ?? [], way.leading, wanted);
  const globals = (knownValue(wanted.globals) ?? []).filter(
    ({ proxy, isInstalled }) =>
      isInstalled === undefined || (isInstalled && sites.some((site) => site.proxy === proxy)),
  );
  const isEmpty = nginx.length + sites.length === 0;
  const open = unreadConfiguration(routes) ?? unreadPart(nginx) ?? (isEmpty ? way.open : undefined);
  const because =
    routes.configurations.length === 0
      ? "No configuration of a reverse proxy was found"
      : "No server of a proxy leads to the application";
  return {
    nginx,
    sites,
    globals,
    isEmpty,
    because,
    ...(open !== undefined && { open }),
    openOf: (kinds) =>
      unreadConfiguration(routes, kinds) ??
      (kinds.includes("nginx") ? unreadPart(nginx) : undefined) ??
      (isEmpty ? way.open : undefined),
  };
}

interface Way {
  readonly leading: readonly ProxyRoute[];
  readonly open?: Problem;
}

function leadingOf(routes: ProxyRoutes, wanted: ProxyWanted): Way {
  const path = proxyPath({ ...wanted, routes: known(routes) });
  if (path.kind === "unknown") return { leading: [], open: path.problem };
  return { leading: routesLeading(path) };
}

function withServers(
  configuration: NginxConfiguration,
  leading: readonly ProxyRoute[],
  wanted: ProxyWanted,
): Concern["nginx"][number] {
  const build = knownValue(wanted.versions)?.find(({ proxy }) => proxy === "nginx");
  const model = nginxModel(configuration, build);
  if (configuration.isInstalled === undefined) {
    return { model, servers: new Set([...model.servers, ...model.streams]) };
  }
  const places = new Set(leading.map(({ file, line }) => `${file}:${line}`));
  const leads = model.servers.filter(({ path }) =>
    findDirectives(path, ...PASS_DIRECTIVES).some(({ directive }) =>
      places.has(`${directive.file}:${directive.line}`),
    ),
  );
  const direct = [...leads, ...serversNamed(model, auditedHosts(wanted))];
  const names = new Set(direct.flatMap((server) => server.names.map(({ text }) => text)));
  const others = model.servers.filter((server) =>
    server.names.some(({ text }) => text !== "" && text !== "_" && names.has(text)),
  );
  const servers = new Set([...direct, ...others]);
  const defaults = model.sockets
    .filter((socket) => socket.servers.some((server) => servers.has(server)))
    .map(({ defaultServer }) => defaultServer);
  return { model, servers: new Set([...servers, ...defaults]) };
}

function auditedHosts({ options }: ProxyWanted): readonly string[] {
  return knownValue(options)?.hosts ?? [];
}

/** Servers that have a host among their names; a default server may answer for a host of another machine. */
function serversNamed({ sockets }: NginxModel, hosts: readonly string[]): readonly NginxServer[] {
  return sockets.flatMap((socket) =>
    hosts.flatMap((host) => {
      const selected = selectByName(socket, host);
      return selected.state === "selected" && selected.by !== "default" ? [selected.server] : [];
    }),
  );
}

/** As with nginx, of the other proxies. */
function concernedSites(
  all: readonly ProxySite[],
  leading: readonly ProxyRoute[],
  wanted: ProxyWanted,
): readonly ProxySite[] {
  const installed = all.filter(({ isInstalled }) => isInstalled === true);
  const hosts = auditedHosts(wanted);
  const direct = installed.filter(
    (site) =>
      leading.some((route) => isOfSite(site, route)) ||
      hosts.some((host) => site.names.some((name) => isNamed(name, host, site.proxy))),
  );
  const sockets = new Set(
    direct.flatMap((site) => site.listeners.map((one) => socketOf(site, one))),
  );
  const concerned = new Set([
    ...direct,
    ...installed.filter((site) =>
      site.listeners.some((one) => one.defaultFor !== "no" && sockets.has(socketOf(site, one))),
    ),
  ]);
  return all.filter((site) => site.isInstalled === undefined || concerned.has(site));
}

function socketOf({ proxy }: ProxySite, { address, port }: ProxySite["listeners"][number]): string {
  return `${proxy} ${address} ${port}`;
}

/** A name as written, or `*.` with one part of it (Caddy) or several (Apache). */
function isNamed(name: string, host: string, proxy: ProxyKind): boolean {
  const written = name.toLowerCase();
  const own = host.toLowerCase();
  if (!written.startsWith("*.")) return written === own;
  if (!own.endsWith(written.slice(1))) return false;
  return proxy !== "caddy" || !own.slice(0, 1 - written.length).includes(".");
}

function isOfSite({ proxy, names, listeners }: ProxySite, route: ProxyRoute): boolean {
  if (route.proxy !== proxy) return false;
  const isSocket = route.listeners.some((one) =>
    listeners.some(
      ({ file, line, port }) => file === one.file && line === one.line && port === one.port,
    ),
  );
  return isSocket || names.some((name) => route.names.includes(name));
}

/** A file that a configuration includes and nobody could read: what it holds may decide. */
function unreadPart(nginx: Concern["nginx"]): Problem | undefined {
  const [include] = nginx.flatMap(({ model }) => unreadInclude(model) ?? []);
  if (include === undefined) return undefined;
  const { file, line } = include;
  const detail = `${file}:${line} includes a file that was not read: ${directiveText(include)}`;
  return { code: "unreachable", detail };
}
