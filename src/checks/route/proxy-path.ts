import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { ProcessEntry } from "../../facts/processes.fact.ts";
import type {
  ProxyKind,
  ProxyRoute,
  ProxyRoutes,
  Upstream,
} from "../../facts/proxy-routes.fact.ts";
import { isProxyProgram, isServer, programOf } from "./app-listeners.ts";
import { type Endpoint, type EndpointFacts, endpointsOfApplication } from "./endpoint.ts";
import { configurationProblem, runs } from "./unread-configuration.ts";
import { bestMatch } from "./upstream-match.ts";

/** What the checks on the way from the proxy to the application read. */
export interface PathFacts extends EndpointFacts {
  readonly routes: Reading<ProxyRoutes>;
}

/** A route that ends at the application, directly or through further proxies. */
export interface LeadingRoute {
  readonly route: ProxyRoute;
  readonly upstream: Upstream;
  readonly endpoint: Endpoint;
  /** The next proxy on the way, when it does not lead there directly. */
  readonly via?: ProxyRoute;
}

export interface RunningProxy {
  readonly proxy: ProxyKind;
  readonly pid: number;
}

/** How a reverse proxy and the audited application hang together (catalog G11). */
export type ProxyPath =
  | {
      readonly kind: "leads";
      readonly leading: readonly [LeadingRoute, ...LeadingRoute[]];
      /** `undefined` where the processes are not known: then only the configuration says so. */
      readonly running: readonly RunningProxy[] | undefined;
    }
  /** Configured, and its process is known not to run. */
  | {
      readonly kind: "stopped";
      readonly leading: readonly LeadingRoute[];
      readonly configurations: ProxyRoutes["configurations"];
    }
  /** A proxy that serves something else. */
  | {
      readonly kind: "elsewhere";
      readonly routes: readonly ProxyRoute[];
      readonly running: readonly RunningProxy[] | undefined;
      readonly configurations: ProxyRoutes["configurations"];
    }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly problem: Problem };

/** Proxies in a row that are followed; a longer chain is not believed. */
const HOPS_MAX = 4;

const NO_ROUTES: ProxyRoutes = {
  configurations: [],
  running: undefined,
  routes: [],
  tls: [],
  roots: [],
  problems: [],
};

/** Follows the active routes to the application. */
export function proxyPath(facts: PathFacts): ProxyPath {
  const { routes } = facts;
  if (routes.state === "unknown") return { kind: "unknown", problem: routes.problem };
  const read = routes.state === "known" ? routes.value : NO_ROUTES;
  const seen = read.running ?? runningOf(facts.processes);
  const active = withoutOtherServices(activeRoutes(read), facts);
  const endpoints = endpointsOfApplication(facts);
  const leading = leadingRoutes(active, endpoints);
  const proven = leading.filter(({ route }) => doubtOf(route, read) === undefined);
  const running = isBlindToContainers(proven, seen, facts) ? undefined : seen;
  const [first, ...others] = proven.filter(({ route }) => runs(route.proxy, running));
  if (first !== undefined) return { kind: "leads", leading: [first, ...others], running };
  const configurations = read.configurations.filter(({ isInstalled }) => isInstalled !== false);
  if (running !== undefined && running.length === 0) {
    return configurations.length + read.problems.length > 0
      ? { kind: "stopped", leading, configurations }
      : { kind: "none" };
  }
  const problem = blindSpot({ ...read, configurations }, running, active, endpoints, facts);
  if (problem !== undefined) return { kind: "unknown", problem };
  return leading.length > 0
    ? { kind: "stopped", leading, configurations }
    : { kind: "elsewhere", routes: active, running, configurations };
}

/** The routes of a path that lead to the application, with the proxies between. */
export function routesLeading(path: ProxyPath): readonly ProxyRoute[] {
  const leading = "leading" in path ? path.leading : [];
  return leading.flatMap(({ route, via }) => (via === undefined ? [route] : [route, via]));
}

/**
 * Whether the processes say nothing about the containers: not one of the application's is among them
 * either, while compose runs both it and the proxy (a virtual machine, another daemon's host).
 */
function isBlindToContainers(
  leading: readonly LeadingRoute[],
  running: readonly RunningProxy[] | undefined,
  { processes, listeners }: PathFacts,
): boolean {
  return (
    running?.length === 0 &&
    leading.some(({ endpoint }) => endpoint.kind === "service") &&
    !(knownValue(processes) ?? []).some(({ command, name }) => [command, name].some(isServer)) &&
    (knownValue(listeners) ?? []).length === 0
  );
}

/**
 * A file of the tree proves nothing while the proxy's own configuration cannot be read: it may be a
 * sample that nobody installed. Nor does a configuration that the proxy would refuse to start with.
 */
function doubtOf(
  { isInstalled, isRefused, proxy }: ProxyRoute,
  { problems }: ProxyRoutes,
): ProxyRoutes["problems"][number] | undefined {
  if (isRefused === true)
    return problems.find((one) => one.proxy === proxy && one.isRefused === true);
  if (isInstalled === true) return undefined;
  return problems.find(
    (one) => one.proxy === proxy && one.isUnreadable && one.file.startsWith("/"),
  );
}

/** Why it cannot be said that no route leads to the application; `undefined` when it can. */
function blindSpot(
  read: ProxyRoutes,
  running: readonly RunningProxy[] | undefined,
  active: readonly ProxyRoute[],
  endpoints: readonly Endpoint[],
  { processes }: PathFacts,
): Problem | undefined {
  const [unread] = read.problems.filter(({ proxy }) => runs(proxy, running));
  if (unread !== undefined) return configurationProblem(unread);
  const bare = running?.find(({ proxy }) =>
    read.configurations.every((one) => one.proxy !== proxy),
  );
  if (bare !== undefined) {
    const detail = `${bare.proxy} runs (pid ${bare.pid}), its configuration was not found`;
    return { code: "not-recorded", detail };
  }
  if (running === undefined && read.configurations.length === 0) return nothingSeen(processes);
  if (endpoints.length === 0 && active.length > 0) {
    const detail =
      "Where the application listens is not known, so no proxy route can be matched with it";
    return { code: "not-recorded", detail };
  }
  const open = active.find(
    ({ upstreams, proxy }) =>
      runs(proxy, running) && bestMatch(upstreams, endpoints).match === "maybe",
  );
  if (open === undefined) return undefined;
  const detail = `Whether ${open.file}:${open.line} leads to the application cannot be told: ${open.excerpt}`;
  return { code: "unsupported", detail };
}

function nothingSeen(processes: Reading<readonly ProcessEntry[]>): Problem {
  const code = processes.state === "unknown" ? processes.problem.code : "not-recorded";
  const detail =
    "No proxy configuration was found, and the running processes are not known; audit on the machine itself, or let the auditor read the configuration";
  return { code, detail };
}

/** The routes that count: what lies in the tree beside an installed configuration is a sample. */
function activeRoutes({ routes }: ProxyRoutes): readonly ProxyRoute[] {
  return routes.filter(({ isInstalled }) => isInstalled !== false);
}

/** A compose service that is not the application is another service, whatever its port. */
function withoutOtherServices(
  routes: readonly ProxyRoute[],
  facts: EndpointFacts,
): readonly ProxyRoute[] {
  const others = new Set(
    (knownValue(facts.services)?.services ?? [])
      .filter(({ kind, isApplication }) => kind === "compose" && !isApplication)
      .map(({ name }) => name.toLowerCase()),
  );
  return routes.map((route) => ({
    ...route,
    upstreams: route.upstreams.filter(({ host }) => !others.has(host.toLowerCase())),
  }));
}

/** Routes whose upstream is the application, then those whose upstream is one of these proxies. */
function leadingRoutes(
  routes: readonly ProxyRoute[],
  endpoints: readonly Endpoint[],
): readonly LeadingRoute[] {
  const found = new Map<ProxyRoute, LeadingRoute>();
  for (const route of routes) {
    const { match, endpoint, upstream } = bestMatch(route.upstreams, endpoints);
    if (match === "yes" && endpoint && upstream) found.set(route, { route, endpoint, upstream });
  }
  for (let hop = 1; hop < HOPS_MAX; hop++) {
    const next = routes
      .filter((route) => !found.has(route))
      .flatMap((route) => throughProxy(route, [...found.values()]));
    if (next.length === 0) break;
    for (const leading of next) found.set(leading.route, leading);
  }
  return [...found.values()];
}

function throughProxy(route: ProxyRoute, found: readonly LeadingRoute[]): readonly LeadingRoute[] {
  for (const { route: via, endpoint } of found) {
    const { match, upstream } = bestMatch(route.upstreams, via.listeners.map(endpointOfProxy));
    if (match === "yes" && upstream) return [{ route, endpoint, upstream, via }];
  }
  return [];
}

function endpointOfProxy(listener: ProxyRoute["listeners"][number]): Endpoint {
  const { address, port, file, line } = listener;
  const evidence = { file, line, excerpt: listener.because };
  if (address.startsWith("unix:")) return { kind: "socket", path: address, evidence };
  const from = "bind";
  return { kind: "address", address, ports: String(port), isV6Only: false, from, evidence };
}

/** Proxies among the processes, where the fact on routes does not tell. */
function runningOf(
  processes: Reading<readonly ProcessEntry[]>,
): readonly RunningProxy[] | undefined {
  const KINDS: Readonly<Record<string, ProxyKind>> = {
    nginx: "nginx",
    openresty: "nginx",
    angie: "nginx",
    caddy: "caddy",
    apache2: "apache",
    httpd: "apache",
    haproxy: "haproxy",
    traefik: "traefik",
    envoy: "envoy",
  };
  return knownValue(processes)?.flatMap(({ pid, name, command }) => {
    const program = [command, name].find(isProxyProgram);
    const proxy = program === undefined ? undefined : KINDS[programOf(program).toLowerCase()];
    return proxy === undefined ? [] : [{ proxy, pid }];
  });
}
