import type { DeployedService } from "../../../facts/compose-deployment.fact.ts";
import { imageName } from "../../../facts/service-images.ts";
import type { ComposePort } from "../../../parsers/compose.ts";

/** What stands behind a published port. */
export type PortKind =
  | "data"
  | "admin"
  | "debugger"
  | "engine"
  | "monitoring"
  | "mail-catcher"
  | "storage"
  | "application"
  | "protocol"
  | "served";

/** Ports of databases, caches, queues and search engines (IANA registry and the projects' manuals). */
const DATA_PORTS: ReadonlySet<number> = new Set([
  1433, 1521, 2379, 2380, 3306, 4222, 5432, 5672, 5984, 6379, 7474, 7687, 8086, 8529, 9042, 9092,
  9200, 9300, 11211, 26257, 27017, 27018, 33060,
]);
/** debugpy, the inspector of Node, Delve. */
const DEBUGGER_PORTS: ReadonlySet<number> = new Set([2345, 5678, 9229, 9230]);
/** The Docker API. */
const ENGINE_PORTS: ReadonlySet<number> = new Set([2375, 2376]);
const TLS_PORTS: ReadonlySet<number> = new Set([443, 4443, 8443, 9443]);
const PLAIN_PORTS: ReadonlySet<number> = new Set([80, 8080, 8000]);
/** Mail, SSH, MQTT, STUN, XMPP, IRC, LDAPS: protocols whose clients are elsewhere. */
const PROTOCOL_PORTS: ReadonlySet<number> = new Set([
  22, 25, 110, 143, 465, 587, 636, 993, 995, 1883, 2222, 2525, 3478, 4190, 5222, 5269, 5349, 6667,
  6697, 8883,
]);
/** Control surfaces of proxies: Caddy's API, Envoy's, the login of nginx-proxy-manager. */
const PROXY_ADMIN: Readonly<Record<string, readonly number[]>> = {
  caddy: [2019],
  envoy: [9901],
  "nginx-proxy-manager": [81],
};
/** Images whose own port is a debugger's elsewhere. */
const OTHER_USE: ReadonlySet<string> = new Set(["n8n"]);

/** By the image's role first, then by the port in the container. */
export function portKind(
  service: DeployedService,
  port: ComposePort,
  isDashboardOpen: boolean,
): PortKind {
  const ports = numbersOf(port.containerPort);
  const has = (set: ReadonlySet<number>): boolean => ports.some((each) => set.has(each));
  if (service.role === "proxy") return proxyPort(service, ports, isDashboardOpen);
  const byRole = kindOfRole(service, ports);
  if (byRole !== undefined) return byRole;
  if (has(ENGINE_PORTS)) return "engine";
  if (has(DATA_PORTS)) return "data";
  const name = imageName(service.image?.text ?? "");
  if (has(DEBUGGER_PORTS) && port.protocol === "tcp" && !OTHER_USE.has(name)) return "debugger";
  if (has(PROTOCOL_PORTS) || port.protocol === "udp") return "protocol";
  return isServedTls(service, ports) ? "served" : "application";
}

function kindOfRole({ role }: DeployedService, ports: readonly number[]): PortKind | undefined {
  switch (role) {
    case "database":
    case "cache":
    case "search":
      return "data";
    case "queue":
      // MQTT brokers are there for devices outside.
      return ports.some((each) => each === 1883 || each === 8883) ? "protocol" : "data";
    case "database-admin":
    case "admin":
      return "admin";
    case "socket-proxy":
      return "engine";
    case "monitoring":
    case "mail-catcher":
    case "storage":
      return role;
    case "network":
      return "served";
    default:
      return undefined;
  }
}

function proxyPort(
  { image }: DeployedService,
  ports: readonly number[],
  isDashboardOpen: boolean,
): PortKind {
  const name = imageName(image?.text ?? "");
  if (ports.some((each) => PROXY_ADMIN[name]?.includes(each))) return "admin";
  return isDashboardOpen && ports.includes(8080) ? "admin" : "served";
}

/** It terminates TLS itself, or redirects there from the plain port beside. */
function isServedTls({ ports: all }: DeployedService, ports: readonly number[]): boolean {
  const isTls = (each: number): boolean => TLS_PORTS.has(each);
  if (ports.some(isTls)) return true;
  const beside = all.flatMap(({ containerPort }) => numbersOf(containerPort));
  return beside.some(isTls) && ports.every((each) => PLAIN_PORTS.has(each));
}

/** Ports of a range that are looked at. */
const RANGE_MAX = 64;

function numbersOf(text: string): readonly number[] {
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === undefined) return [];
  const first = Number(from);
  const last = to === undefined ? first : Number(to);
  const count = Math.max(0, Math.min(last - first + 1, RANGE_MAX));
  return Array.from({ length: count }, (_, index) => first + index);
}
