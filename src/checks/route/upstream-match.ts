import type { Upstream } from "../../facts/proxy-routes.fact.ts";
import { familyOf, isSameAddress, reachOf } from "./address.ts";
import { hasPort } from "./app-listeners.ts";
import { admitsPort, type Endpoint } from "./endpoint.ts";

/**
 * Whether an upstream is an endpoint. `maybe`: it is when a name or an address that is not known
 * here belongs to this machine; never a proof.
 */
export type Match = "yes" | "maybe" | "no";

/** How a container names the machine it runs on: Docker's own names, and its default bridge. */
const CONTAINER_HOST_NAMES: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
  "host.containers.internal",
]);
const DOCKER_BRIDGE = "172.17.0.1";

/** Compares an upstream of a route with one endpoint of the application. */
export function matchUpstream(upstream: Upstream, endpoint: Endpoint): Match {
  if (upstream.kind === "unresolved") return "maybe";
  if (upstream.kind === "unix") {
    return endpoint.kind === "socket" && isSamePath(upstream.host, endpoint.path) ? "yes" : "no";
  }
  switch (endpoint.kind) {
    case "socket":
      return "no";
    case "service":
      return matchService(upstream, endpoint);
    case "address":
      return hasPort(endpoint.ports, upstream.port) ? matchHost(upstream.host, endpoint) : "no";
  }
}

/** The best match of any upstream with any endpoint, and the endpoint it was found with. */
export function bestMatch(
  upstreams: readonly Upstream[],
  endpoints: readonly Endpoint[],
): { readonly match: Match; readonly endpoint?: Endpoint; readonly upstream?: Upstream } {
  let isPossible = false;
  for (const upstream of upstreams) {
    for (const endpoint of endpoints) {
      const match = matchUpstream(upstream, endpoint);
      if (match === "yes") return { match, endpoint, upstream };
      isPossible ||= match === "maybe";
    }
  }
  return { match: isPossible ? "maybe" : "no" };
}

/** `unix:app.sock` of a service is relative to its working directory, which is not told. */
function isSamePath(route: string, bound: string): boolean {
  const path = route.startsWith("unix:") ? route.slice("unix:".length) : route;
  const own = bound.startsWith("unix:") ? bound.slice("unix:".length) : bound;
  const isRelative = !own.startsWith("/") && !own.startsWith("@");
  const tail = own.startsWith("./") ? own.slice(2) : own;
  return path === own || (isRelative && tail !== "" && path.endsWith(`/${tail}`));
}

/** Compose resolves the service's name, and the container's: `project-web-1`, `project_web_1`. */
function matchService(
  { host, port }: Upstream,
  { name, ports }: Extract<Endpoint, { kind: "service" }>,
): Match {
  const asked = host.toLowerCase();
  const own = name.toLowerCase();
  const isNamed = asked === own || isInstanceOf(asked, own);
  return isNamed && admitsPort(ports, port) ? "yes" : "no";
}

/** `shop-my-web-1` of the service `my-web`. */
function isInstanceOf(asked: string, own: string): boolean {
  const number = asked.search(/[-_]\d{1,4}$/);
  if (number < 0) return false;
  const stem = asked.slice(0, number);
  return stem.endsWith(`-${own}`) || stem.endsWith(`_${own}`);
}

type AddressEndpoint = Extract<Endpoint, { kind: "address" }>;

function matchHost(host: string, endpoint: AddressEndpoint): Match {
  const isEverywhere = reachOf(endpoint.address) === "wildcard";
  switch (reachOf(host)) {
    case "loopback":
    // Connecting to 0.0.0.0 or :: reaches this machine on Linux.
    case "wildcard":
      return isEverywhere ? matchFamily(host, endpoint) : matchLoopback(host, endpoint.address);
    case "name":
      return matchName(host, isEverywhere);
    case "private":
    case "link-local":
    case "public":
      if (isSameAddress(host, endpoint.address)) return "yes";
      if (!isEverywhere) return "no";
      return isSameAddress(host, DOCKER_BRIDGE) ? matchFamily(host, endpoint) : "maybe";
  }
}

/** A wildcard takes its own family; `::` takes IPv4 as well unless it is told not to. */
function matchFamily(host: string, { address, isV6Only }: AddressEndpoint): Match {
  const asked = familyOf(host);
  const bound = familyOf(address);
  if (asked === "v6" && bound === "v4") return "no";
  return asked === "v4" && bound === "v6" && isV6Only ? "no" : "yes";
}

function matchLoopback(host: string, address: string): Match {
  if (reachOf(address) !== "loopback") return "no";
  const isNamed = [host, address].some((text) => familyOf(text) === "any");
  const isAnyHost = reachOf(host) === "wildcard" && familyOf(host) === familyOf(address);
  return isNamed || isAnyHost || isSameAddress(host, address) ? "yes" : "no";
}

/** A name may be this machine's own, which only helps where the application is not on loopback alone. */
function matchName(host: string, isEverywhere: boolean): Match {
  if (!isEverywhere) return "no";
  return CONTAINER_HOST_NAMES.has(host.toLowerCase()) ? "yes" : "maybe";
}
