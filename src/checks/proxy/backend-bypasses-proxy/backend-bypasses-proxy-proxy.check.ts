import { knownValue, type Problem } from "../../../core/reading.ts";
import type { Listener } from "../../../facts/listeners.fact.ts";
import { memberOf, whereabouts } from "../../nginx/destination.ts";
import type { NginxModel } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { type NginxPass, passesOf } from "../../nginx/statements.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import type { ProxyWanted } from "../../proxy-rules/wanted.ts";
import { proxyBackendBypassesProxy } from "./backend-bypasses-proxy.control.ts";

/** Joins where requests are handed on to with what listens there. */
export const backendBypassesProxy: NginxRule = {
  slug: "backend-bypasses-proxy",
  status: "fail",
  find(model, wanted) {
    const open = openListeners(
      model,
      wanted === undefined ? undefined : knownValue(wanted.listeners),
    );
    return passesOf(model).flatMap((pass) => hitsAt(pass, open));
  },
};

const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::", "*"]);

/** By port; those of nginx itself are servers of the same configuration, or of another one. */
function openListeners(
  { sockets, streams }: NginxModel,
  listeners: readonly Listener[] = [],
): ReadonlyMap<number, Listener> {
  const own = new Set([
    ...sockets.map(({ port }) => port),
    ...streams.flatMap(({ listens }) => listens.map(({ port }) => port)),
  ]);
  return new Map(
    listeners
      .filter(
        ({ proto, address, port, command }) =>
          proto === "tcp" &&
          EVERY_ADDRESS.has(address) &&
          !own.has(port) &&
          command?.startsWith("nginx") !== true,
      )
      .map((listener) => [listener.port, listener]),
  );
}

function hitsAt(
  { directive, path, place, targets }: NginxPass,
  open: ReadonlyMap<number, Listener>,
): readonly NginxHit[] {
  return targets.flatMap((target): readonly NginxHit[] => {
    const listener = isPortHere(target) ? open.get(target.port) : undefined;
    if (listener === undefined) return [];
    const { address, port, command } = listener;
    const who = command === undefined ? "The port it leads to" : `${command}, which it leads to,`;
    const shown = address === "::" ? "[::]" : address;
    return [
      {
        at: memberOf(path, target) ?? directive,
        also: [directive],
        servers: [place.server],
        message: `${who} is open on ${shown}:${port}: unless a firewall keeps them out, clients get there past nginx`,
        fix: `Let the application listen on 127.0.0.1:${port} or a unix socket`,
        subject: String(port),
      },
    ];
  });
}

function isPortHere(target: NginxPass["targets"][number]): boolean {
  const where = whereabouts(target);
  return target.kind === "tcp" && (where === "this-machine" || where === "wildcard");
}

function handsOnHere({ nginx }: Concern): boolean {
  return nginx.some(({ model }) => passesOf(model).some(({ targets }) => targets.some(isPortHere)));
}

/** Without the sockets nothing can be said. */
function unreadListeners({ listeners }: ProxyWanted): Problem | undefined {
  if (listeners.state === "unknown") return listeners.problem;
  return listeners.state === "absent"
    ? { code: "not-recorded", detail: "Listening sockets were not looked at" }
    : undefined;
}

export const proxyBackendBypassesProxyProxy = proxyCheck({
  control: proxyBackendBypassesProxy,
  reads:
    "Ports of this machine that nginx hands requests on to, beside the sockets that listen (/proc/net/tcp and tcp6).",
  nginx: [backendBypassesProxy],
  passes: "No port that nginx leads to is open on every address",
  applies: (concern) => handsOnHere(concern) || "nginx hands nothing on to a port of this machine",
  unknown: unreadListeners,
});
