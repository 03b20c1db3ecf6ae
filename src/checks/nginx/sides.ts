import { effectiveScalar } from "../../parsers/nginx/inherit.ts";
import type { NginxServer, NginxSocket } from "../../parsers/nginx/server.ts";
import { isLocalAddress } from "../route/address.ts";
import type { NginxModel } from "./model.ts";

/** The sockets on which clients elsewhere reach a server, by what they speak. */
export interface ServerSides {
  readonly tls: readonly NginxSocket[];
  readonly plain: readonly NginxSocket[];
}

const sides = new WeakMap<NginxModel, ReadonlyMap<NginxServer, ServerSides>>();

/**
 * Sockets of loopback and unix sockets are left out, and so are plain ones with `proxy_protocol`: only a load
 * balancer, which is where clients go, speaks that. A server that refuses the handshake has no TLS side.
 */
export function sidesOf(model: NginxModel): ReadonlyMap<NginxServer, ServerSides> {
  const known = sides.get(model) ?? makeSides(model);
  sides.set(model, known);
  return known;
}

function makeSides(model: NginxModel): ReadonlyMap<NginxServer, ServerSides> {
  const found = new Map<NginxServer, { tls: NginxSocket[]; plain: NginxSocket[] }>();
  for (const server of model.servers) found.set(server, { tls: [], plain: [] });
  const reachable = model.sockets.filter(({ address }) => !isLocalAddress(address));
  for (const socket of reachable) {
    for (const server of socket.servers) {
      const side = sideOf(server, socket, model);
      if (side !== undefined) found.get(server)?.[side].push(socket);
    }
  }
  return found;
}

function sideOf(
  server: NginxServer,
  socket: NginxSocket,
  model: NginxModel,
): "tls" | "plain" | undefined {
  if (socket.isSsl || socket.isQuic || hasSslOn(server, model)) {
    return refusesHandshake(server) ? undefined : "tls";
  }
  return socket.isProxyProtocol ? undefined : "plain";
}

/** `ssl on;`, which nginx 1.25.1 took away. */
function hasSslOn({ path }: NginxServer, { version }: NginxModel): boolean {
  if (effectiveScalar(path, "ssl")?.args[0]?.text !== "on") return false;
  const [major = 0, minor = 0, patch = 0] = (version ?? "1.22.0").split(".").map(Number);
  return major === 1 && (minor < 25 || (minor === 25 && patch < 1));
}

function refusesHandshake({ path }: NginxServer): boolean {
  return effectiveScalar(path, "ssl_reject_handshake")?.args[0]?.text === "on";
}

/** The model holds no `http { }` of its own: what stands around the servers is in another file. */
export function isSnippet({ https, tree }: NginxModel): boolean {
  return https.every(([, http]) => http === undefined || !tree.directives.includes(http));
}
