import type { Evidence } from "../../core/check.ts";
import { knownValue, type Reading } from "../../core/reading.ts";
import type { Listener } from "../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../facts/processes.fact.ts";
import type { Services } from "../../facts/services.fact.ts";
import { showEndpoint } from "./address.ts";
import {
  bindsOfApplication,
  hasPort,
  listenersOfApplication,
  portsPublished,
  programOf,
} from "./app-listeners.ts";

/** A place where the audited application takes connections. */
export type Endpoint =
  /** Seen from the machine: an address with a port, or a range of them (`8000-8010`). */
  | {
      readonly kind: "address";
      readonly address: string;
      readonly ports: string;
      /** `::` that takes IPv6 only. */
      readonly isV6Only: boolean;
      readonly from: "listener" | "bind" | "published";
      readonly evidence: Evidence;
    }
  | { readonly kind: "socket"; readonly path: string; readonly evidence: Evidence }
  /** Seen from inside the compose network: a service's name; no ports where they are not told. */
  | {
      readonly kind: "service";
      readonly name: string;
      readonly ports: readonly string[];
      readonly evidence: Evidence;
    };

/** The facts that say where the application listens, whatever their state. */
export interface EndpointFacts {
  readonly listeners: Reading<readonly Listener[]>;
  readonly processes: Reading<readonly ProcessEntry[]>;
  readonly services: Reading<Services>;
}

/** The application's own listening sockets; `undefined` when the sockets of the machine are not known. */
export function ownListeners(facts: EndpointFacts): readonly Listener[] | undefined {
  const listeners = knownValue(facts.listeners);
  if (listeners === undefined) return undefined;
  const processes = knownValue(facts.processes) ?? [];
  return listenersOfApplication({ listeners, processes, services: knownValue(facts.services) });
}

/**
 * Everywhere the application takes connections. What it really listens on beats what it is told to
 * bind: a route to a port that only stands in a unit leads nowhere.
 */
export function endpointsOfApplication(facts: EndpointFacts): readonly Endpoint[] {
  const services = knownValue(facts.services);
  const seen = (ownListeners(facts) ?? []).map(endpointOfListener);
  const bound = endpointsOfBinds(services);
  const told = seen.length > 0 ? bound.filter(({ kind }) => kind === "socket") : bound;
  return [...seen, ...told, ...endpointsPublished(services), ...endpointsOfContainers(services)];
}

/** `tcp 127.0.0.1:8000, pid 10, gunicorn`; the program's name only, its arguments may hold secrets. */
export function listenerEvidence({ proto, address, port, pid, command }: Listener): Evidence {
  const where = proto === "unix" ? address : showEndpoint(address, port);
  const parts = [
    `${proto} ${where}`,
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    command === undefined ? "process not told" : programOf(command),
  ];
  return { excerpt: parts.join(", ") };
}

/** `file` and `line` only where there are any. */
export function placedAt(
  { file, line }: { readonly file?: string | undefined; readonly line?: number | undefined },
  excerpt: string,
): Evidence {
  return {
    ...(file !== undefined && { file }),
    ...(file !== undefined && line !== undefined && { line }),
    excerpt,
  };
}

function endpointOfListener(listener: Listener): Endpoint {
  const { proto, address, port, isDualStack } = listener;
  const evidence = listenerEvidence(listener);
  if (proto === "unix") return { kind: "socket", path: address, evidence };
  const isV6Only = isDualStack === false;
  const from = "listener";
  return { kind: "address", address, ports: String(port), isV6Only, from, evidence };
}

function endpointsOfBinds(services: Services | undefined): readonly Endpoint[] {
  return bindsOfApplication(services).flatMap((bind): readonly Endpoint[] => {
    const evidence = placedAt(bind, bind.text);
    if (bind.isUnixSocket) return [{ kind: "socket", path: bind.address, evidence }];
    if (bind.isInContainer) return [];
    const { address } = bind;
    const ports = String(bind.port);
    return [{ kind: "address", address, ports, isV6Only: false, from: "bind", evidence }];
  });
}

function endpointsPublished(services: Services | undefined): readonly Endpoint[] {
  return portsPublished(services)
    .filter(({ protocol }) => protocol !== "udp")
    .map((port) => ({
      kind: "address",
      address: port.address,
      ports: port.hostPort,
      isV6Only: false,
      from: "published",
      evidence: placedAt(port, port.text),
    }));
}

function endpointsOfContainers(services: Services | undefined): readonly Endpoint[] {
  const containers = (services?.services ?? []).filter(
    ({ kind, isApplication }) => kind === "compose" && isApplication,
  );
  return containers.map((service) => ({
    kind: "service",
    name: service.name,
    ports: containerPorts(services, service.name),
    evidence: placedAt(service, `service ${service.name}`),
  }));
}

/** The ports a compose service listens on inside its network, as its command and `ports:` tell. */
function containerPorts(services: Services | undefined, name: string): readonly string[] {
  const bound = bindsOfApplication(services)
    .filter(({ service, isUnixSocket }) => service === name && !isUnixSocket)
    .map(({ port }) => String(port));
  const published = portsPublished(services)
    .filter(({ service }) => service === name)
    .map(({ containerPort }) => containerPort);
  // Ports that are only published may be others than the application's own: a command settles it.
  return bound.length > 0 ? [...bound, ...published] : [];
}

/** Whether one of the texts, ports or ranges, holds `port`; no texts hold every port. */
export function admitsPort(texts: readonly string[], port: number): boolean {
  return texts.length === 0 || texts.some((text) => hasPort(text, port));
}
