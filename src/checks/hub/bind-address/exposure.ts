import type { Evidence } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Listener } from "../../../facts/listeners.fact.ts";
import type { Bind, PublishedPort, Service, Services } from "../../../facts/services.fact.ts";
import { type Reach, reachOf, showEndpoint } from "../../route/address.ts";
import { bindsOfApplication, portsPublished } from "../../route/app-listeners.ts";
import {
  type EndpointFacts,
  listenerEvidence,
  ownListeners,
  placedAt,
} from "../../route/endpoint.ts";

/** One place where the application takes connections, and who can reach it. */
export interface Exposure {
  readonly from: "listener" | "published" | "bind";
  readonly reach: Reach | "socket";
  /** `127.0.0.1:8000`, or the path of a socket. */
  readonly shown: string;
  readonly address: string;
  readonly port: string;
  readonly evidence: Evidence;
  /** The service it belongs to, where that is told. */
  readonly service: Service | undefined;
  readonly listener?: Listener;
  readonly published?: PublishedPort;
}

/** All that is known of where the application can be reached. */
export interface Exposures {
  readonly all: readonly Exposure[];
  /** The sockets of the machine itself are known, and some are listening. */
  readonly isAnySeen: boolean;
  /** Wildcard listeners inside a container whose published ports are not known: they decide nothing. */
  readonly undecided: readonly Listener[];
  /** Compose services of the application that publish no port. */
  readonly unpublished: readonly Service[];
}

/** Gathers listeners, published ports and bind options of the application. */
export function exposuresOf(facts: EndpointFacts): Exposures {
  const services = knownValue(facts.services);
  const published = portsPublished(services);
  const own = ownListeners(facts) ?? [];
  const inContainer = own.filter((listener) => isInContainer(listener, services));
  const onMachine = own.filter((listener) => !inContainer.includes(listener));
  const binds = bindsOfApplication(services).filter((bind) => !bind.isInContainer);
  return {
    all: [
      ...onMachine.map((listener) => ofListener(listener, services)),
      ...published.map((port) => ofPublished(port, services)),
      ...binds.map((bind) => ofBind(bind, services)),
    ],
    isAnySeen: (knownValue(facts.listeners) ?? []).length > 0 && inContainer.length === 0,
    undecided: published.length > 0 ? [] : inContainer.filter(isOpen),
    unpublished: applications(services).filter(
      ({ kind, name }) => kind === "compose" && published.every(({ service }) => service !== name),
    ),
  };
}

function isOpen({ proto, address }: Listener): boolean {
  return proto !== "unix" && reachOf(address) !== "loopback";
}

function applications(services: Services | undefined): readonly Service[] {
  return services?.services.filter(({ isApplication }) => isApplication) ?? [];
}

/** Seen from inside a container, its own wildcard address says nothing about who can reach it. */
function isInContainer({ pid }: Listener, services: Services | undefined): boolean {
  const owners = applications(services).filter(
    ({ pids }) => pid !== undefined && pids.includes(pid),
  );
  return owners.length > 0 && owners.every((service) => service.isInContainer);
}

function ofListener(listener: Listener, services: Services | undefined): Exposure {
  const { proto, address, port, pid } = listener;
  const isSocket = proto === "unix";
  const all = applications(services);
  return {
    from: "listener",
    reach: isSocket ? "socket" : reachOf(address),
    shown: isSocket ? address : showEndpoint(address, port),
    address,
    port: String(port),
    evidence: listenerEvidence(listener),
    service: all.find(({ pids }) => pid !== undefined && pids.includes(pid)) ?? all[0],
    listener,
  };
}

function ofPublished(published: PublishedPort, services: Services | undefined): Exposure {
  const { address, hostPort, service } = published;
  return {
    from: "published",
    reach: reachOf(address),
    shown:
      hostPort === ""
        ? `a port of the engine's choice (${published.containerPort} in the container)`
        : showEndpoint(address, hostPort),
    address,
    port: hostPort,
    evidence: placedAt(published, `ports: ${published.text}`),
    service: applications(services).find(({ name }) => name === service),
    published,
  };
}

function ofBind(bind: Bind, services: Services | undefined): Exposure {
  const { address, port, isUnixSocket, service } = bind;
  return {
    from: "bind",
    reach: isUnixSocket ? "socket" : reachOf(address),
    shown: isUnixSocket ? address : showEndpoint(address, port),
    address,
    port: String(port),
    evidence: placedAt(bind, bind.text),
    service: applications(services).find(({ name }) => name === service),
  };
}
