/** Fact values for the tests of the checks on proxy and application; nothing here runs in an audit. */
import { known, type Reading, unknown } from "../../core/reading.ts";
import type { DeploymentMode } from "../../facts/deployment-mode.fact.ts";
import type { Listener } from "../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../facts/processes.fact.ts";
import type {
  ProxyKind,
  ProxyListener,
  ProxyRoute,
  ProxyRoutes,
  Upstream,
} from "../../facts/proxy-routes.fact.ts";
import type { Bind, PublishedPort, Service, Services } from "../../facts/services.fact.ts";
import type { PathFacts } from "./proxy-path.ts";

export const HUB: DeploymentMode = {
  roles: ["hub"],
  label: "hub",
  decidedBy: "CLUSTER_ENABLED=1 (.env:5)",
  generation1: ["CLUSTER_ENABLED (.env:5)"],
  generation2: [],
  isOpen: false,
};

export const NOT_RECORDED: Reading<never> = unknown("not-recorded", "was not recorded");

/** `gunicorn 127.0.0.1:8000`, pid 10. */
export function listening(address: string, port = 8000, command = "gunicorn", pid = 10): Listener {
  return { proto: "tcp", address, port, command, pid };
}

export function running(...proxies: readonly ProxyKind[]): ProxyRoutes["running"] {
  return proxies.map((proxy, at) => ({ proxy, pid: 20 + at, command: proxy }));
}

/** `127.0.0.1:8000`, `web:8000`, `unix:/run/app.sock`; `?` for one that cannot be resolved. */
export function upstream(text: string, isTls = false): Upstream {
  if (text === "?") return { kind: "unresolved", host: "$backend", port: 0, isTls };
  if (text.startsWith("unix:")) {
    return { kind: "unix", host: text.slice("unix:".length), port: 0, isTls };
  }
  const at = text.lastIndexOf(":");
  return { kind: "tcp", host: text.slice(0, at), port: Number(text.slice(at + 1)), isTls };
}

export const TLS: ProxyListener = {
  address: "0.0.0.0",
  port: 443,
  isTls: true,
  because: "listen 443 ssl with certificate and key",
  file: "nginx.conf",
  line: 8,
  certificate: { file: "/etc/ssl/monitor.pem", exists: undefined, at: "nginx.conf:9" },
};
export const PLAIN: ProxyListener = {
  address: "0.0.0.0",
  port: 80,
  isTls: false,
  because: "listen 80 without ssl",
  file: "nginx.conf",
  line: 4,
};

export function route(
  to: string | readonly Upstream[],
  rest: Partial<ProxyRoute> = {},
): ProxyRoute {
  return {
    proxy: "nginx",
    names: ["monitor.example.test"],
    file: "nginx.conf",
    line: 20,
    listeners: [TLS],
    upstreams: typeof to === "string" ? [upstream(to)] : to,
    path: "/",
    excerpt: `proxy_pass to ${typeof to === "string" ? to : "several"}`,
    ...rest,
  };
}

/** A configuration in the tree with these routes; processes not known. */
export function configured(
  routes: readonly ProxyRoute[],
  rest: Partial<ProxyRoutes> = {},
): Reading<ProxyRoutes> {
  const kinds = new Map(routes.map(({ proxy, file }) => [`${proxy} ${file}`, { proxy, file }]));
  const configurations = [...kinds.values()].map((one) => ({ ...one, foundBy: "in the tree" }));
  const value = { configurations, running: undefined, routes, roots: [], tls: [], problems: [] };
  return known({ ...value, ...rest });
}

export const WEB: Service = {
  kind: "compose",
  name: "web",
  command: "gunicorn config.wsgi --bind 0.0.0.0:8000",
  isApplication: true,
  isInContainer: true,
  pids: [],
  file: "docker-compose.yml",
  line: 2,
  restart: "docker compose up -d web",
  sourcedFiles: [],
};
export const UNIT: Service = {
  ...WEB,
  kind: "unit",
  name: "monitor.service",
  command: "/srv/app/venv/bin/gunicorn config.wsgi",
  isInContainer: false,
  file: "/etc/systemd/system/monitor.service",
  line: 7,
  restart: "systemctl restart monitor",
};

export function boundTo(address: string, port: number, rest: Partial<Bind> = {}): Bind {
  return {
    service: "monitor.service",
    address,
    port,
    isUnixSocket: false,
    isInContainer: false,
    text: `--bind ${address}:${port}`,
    file: "/etc/systemd/system/monitor.service",
    line: 7,
    ...rest,
  };
}

export function publishedPort(address: string, rest: Partial<PublishedPort> = {}): PublishedPort {
  return {
    service: "web",
    isApplication: true,
    address,
    hostPort: "8000",
    containerPort: "8000",
    protocol: "tcp",
    file: "docker-compose.yml",
    line: 7,
    text: address === "" ? "8000:8000" : `${address}:8000:8000`,
    ...rest,
  };
}

export function runBy(part: Partial<Services>): Reading<Services> {
  return known({ services: [], published: [], binds: [], ...part });
}

/** Facts of which nothing is known but what is given. */
export function pathFacts(given: {
  readonly routes?: Reading<ProxyRoutes>;
  readonly listeners?: readonly Listener[];
  readonly processes?: readonly ProcessEntry[];
  readonly services?: Reading<Services>;
}): PathFacts {
  return {
    routes: given.routes ?? configured([]),
    listeners: given.listeners === undefined ? NOT_RECORDED : known(given.listeners),
    processes: given.processes === undefined ? NOT_RECORDED : known(given.processes),
    services: given.services ?? runBy({}),
  };
}
