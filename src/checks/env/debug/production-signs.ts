import { knownValue, type Reading } from "../../../core/reading.ts";
import type { AppSettings } from "../../../facts/app-settings.fact.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import type { Listener } from "../../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../../facts/processes.fact.ts";
import type { Services } from "../../../facts/services.fact.ts";
import { djangoHosts } from "../../judgement/allowed-hosts.ts";
import { isPublicName } from "../../judgement/host-pattern.ts";
import { reachOf } from "../../route/address.ts";
import { listenersOfApplication } from "../../route/app-listeners.ts";

export interface ProductionFacts {
  readonly environment: Environment;
  readonly settings: Reading<AppSettings>;
  readonly mode: Reading<DeploymentMode>;
  readonly hub: Reading<HubUrl>;
  readonly listeners: Reading<readonly Listener[]>;
  readonly processes: Reading<readonly ProcessEntry[]>;
  readonly services: Reading<Services>;
}

/** Signs that a node which says it is in development serves others (catalog env.debug). */
export function productionSigns(facts: ProductionFacts): readonly string[] {
  return [...hubSigns(facts), ...hostSigns(facts), ...listenerSigns(facts)];
}

function hubSigns({ mode, hub }: ProductionFacts): readonly string[] {
  const decided = knownValue(mode);
  const url = knownValue(hub);
  const isHub = decided?.roles.includes("hub") ?? false;
  const isRemote = url?.isParsable && !url.isLoopback && url.isThisNode !== true;
  return [
    ...(isHub && decided !== undefined ? [`the node is a hub (${decided.decidedBy})`] : []),
    ...(isRemote && url !== undefined ? [`it pushes to ${url.shown}`] : []),
  ];
}

function hostSigns({ environment, settings }: ProductionFacts): readonly string[] {
  const hosts = djangoHosts(environment, settings);
  if (hosts.state === "open") return [];
  const name = hosts.list.entries.find(isPublicName);
  return name === undefined ? [] : [`${hosts.list.name} has the public name ${name}`];
}

function listenerSigns({ listeners, processes, services }: ProductionFacts): readonly string[] {
  const owned = listenersOfApplication({
    listeners: knownValue(listeners) ?? [],
    processes: knownValue(processes) ?? [],
    services: knownValue(services),
  });
  const global = owned.find(
    ({ proto, address }) => proto !== "unix" && reachOf(address) === "public",
  );
  return global === undefined
    ? []
    : [`the application listens on the global address ${global.address}, port ${global.port}`];
}
