import type { Listener } from "../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../facts/processes.fact.ts";
import type { Bind, PublishedPort, Services } from "../../facts/services.fact.ts";

/** Programs that serve the application themselves (catalog `hub.bind-address`). */
const SERVERS: ReadonlySet<string> = new Set([
  "gunicorn",
  "uvicorn",
  "hypercorn",
  "daphne",
  "waitress",
  "waitress-serve",
  "granian",
  "uwsgi",
  "node",
  "nodejs",
]);
/** `python`, `python3`, `python3.12`, `pypy3`. */
const INTERPRETER = /^(?:python|pypy)[\d.]{0,8}$/;

/** Programs that are expected on every address, by base name. `nginx-exporter` is none of them. */
const PROXY_PROGRAMS: ReadonlySet<string> = new Set([
  "nginx",
  "openresty",
  "angie",
  "caddy",
  "apache2",
  "httpd",
  "haproxy",
  "traefik",
  "envoy",
  "lighttpd",
]);

/** Where an application listens when nobody says otherwise (catalog `hub.bind-address`). */
const USUAL_PORTS: ReadonlySet<number> = new Set([8000, 8080, 3000, 5000]);

/** The program a command line or process title runs: `nginx: master process` is `nginx`. */
export function programOf(command: string): string {
  const [word = ""] = command.trim().split(/\s/, 1);
  const name = word.slice(word.lastIndexOf("/") + 1);
  return name.endsWith(":") ? name.slice(0, -1) : name;
}

export function isProxyProgram(command: string): boolean {
  return PROXY_PROGRAMS.has(programOf(command).toLowerCase());
}

/** Whether a command line or process title is that of an application server, or of an interpreter. */
export function isServer(command: string): boolean {
  const program = programOf(command).toLowerCase();
  return SERVERS.has(program) || INTERPRETER.test(program);
}

export interface OwnershipFacts {
  readonly listeners: readonly Listener[];
  readonly processes: readonly ProcessEntry[];
  readonly services: Services | undefined;
}

/**
 * The listening sockets of the audited application: those its own processes hold or its own
 * configuration names. Only when none is known that surely, those of any application server on the
 * machine (another project's must not be blamed on this one), and only then a usual port that no
 * known proxy holds. UDP is left out: no application protocol judged here runs over it.
 */
export function listenersOfApplication(facts: OwnershipFacts): readonly Listener[] {
  const ownership = ownershipOf(facts);
  const candidates = facts.listeners.filter(
    (listener) => listener.proto !== "udp" && !ownership.isForeign(listener),
  );
  const certain = candidates.filter(ownership.isCertain);
  const owned = certain.length > 0 ? certain : candidates.filter(ownership.isOwned);
  const isConfigured =
    bindsOfApplication(facts.services).length + portsPublished(facts.services).length > 0;
  if (owned.length > 0 || isConfigured) return owned;
  return candidates.filter(({ proto, port }) => proto === "tcp" && USUAL_PORTS.has(port));
}

interface Ownership {
  /**
   * By pid or by configured port; by the program's name alone only where the process itself is not
   * told, so that nothing says it is another's.
   */
  isCertain(listener: Listener): boolean;
  isOwned(listener: Listener): boolean;
  /** Held by a known proxy, by a service or process known not to be the application, or published for one. */
  isForeign(listener: Listener): boolean;
}

function ownershipOf({ processes, services }: OwnershipFacts): Ownership {
  const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
  const pids = (isApplication: boolean) =>
    new Set(
      services?.services
        .filter((service) => service.isApplication === isApplication)
        .flatMap((service) => service.pids),
    );
  const own = pids(true);
  const foreign = pids(false);
  const ports = configuredPorts(services);
  const commandsOf = ({ pid, command }: Listener): readonly string[] => {
    const entry = pid === undefined ? undefined : byPid.get(pid);
    return [command, entry?.name, entry?.command].filter((text) => text !== undefined);
  };
  const has = (set: ReadonlySet<number>, { pid }: Listener) => pid !== undefined && set.has(pid);
  const isOn = (texts: readonly string[], { proto, port }: Listener) =>
    proto === "tcp" && texts.some((text) => hasPort(text, port));
  const isElsewhere = ({ pid }: Listener) =>
    pid !== undefined && !own.has(pid) && runsElsewhere(byPid.get(pid));
  const others = (services?.published ?? []).filter(({ isApplication }) => !isApplication);
  const foreignPorts = others.map(({ hostPort }) => hostPort);
  const isUntold = (listener: Listener) =>
    listener.pid !== undefined && !byPid.has(listener.pid) && commandsOf(listener).some(isServer);
  const isCertain = (listener: Listener) =>
    has(own, listener) || isOn(ports, listener) || isUntold(listener);
  const isDecided = (listener: Listener) =>
    isCertain(listener) || commandsOf(listener).some(isServer);
  return {
    isCertain,
    isOwned: isDecided,
    isForeign: (listener) =>
      !has(own, listener) &&
      (has(foreign, listener) ||
        isElsewhere(listener) ||
        commandsOf(listener).some(isProxyProgram) ||
        (!isDecided(listener) && isOn(foreignPorts, listener))),
  };
}

const CONTAINER = /docker|containerd|libpod|kubepods|crio|lxc/;

/**
 * Whether a process has a working directory that is not the audited one: the services have those
 * that are. `/` and what a container calls its directory tell nothing.
 */
function runsElsewhere(entry: ProcessEntry | undefined): boolean {
  const { directory = "/", cgroup = "" } = entry ?? {};
  return directory !== "/" && !CONTAINER.test(cgroup);
}

function configuredPorts(services: Services | undefined): readonly string[] {
  const bound = bindsOfApplication(services)
    .filter(({ isInContainer, isUnixSocket }) => !isInContainer && !isUnixSocket)
    .map(({ port }) => String(port));
  return [...bound, ...portsPublished(services).map(({ hostPort }) => hostPort)];
}

/** What the application is told to bind; binds of services beside it are left out. */
export function bindsOfApplication(services: Services | undefined): readonly Bind[] {
  if (services === undefined) return [];
  return services.binds.filter(({ service }) => {
    const named = services.services.filter(({ name }) => name === service);
    return named.length === 0 || named.some(({ isApplication }) => isApplication);
  });
}

/** The compose ports of the application itself. */
export function portsPublished(services: Services | undefined): readonly PublishedPort[] {
  return services?.published.filter(({ isApplication }) => isApplication) ?? [];
}

/** Whether a port, or a range of them (`8000-8010`), holds `port`. */
export function hasPort(text: string, port: number): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return false;
  const [, first, last = first] = match;
  return Number(first) <= port && port <= Number(last);
}
