import {
  type BlockPath,
  effectiveList,
  effectiveScalar,
  ownDirectives,
  pathInto,
} from "../../parsers/nginx/inherit.ts";
import type { NginxLocation } from "../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer, NginxSocket } from "../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES } from "../../parsers/nginx/upstream.ts";
import { reachOf } from "../route/address.ts";
import { isReachable, type NginxModel, valueInForce } from "./model.ts";

/** A location that hands requests on. */
export interface NginxRoute {
  readonly server: NginxServer;
  /** Ends in the location. */
  readonly path: BlockPath;
  readonly location: NginxLocation;
  /** Its `proxy_pass` (or another of `PASS_DIRECTIVES`), those within `if` too; never empty. */
  readonly passes: readonly [NginxDirective, ...NginxDirective[]];
  /** Only sub-requests and internal redirects get there: `internal`. */
  readonly isInternal: boolean;
  /** Everything goes to TLS servers elsewhere by name: another service (an object store), not the application. */
  readonly isForeign: boolean;
}

const routesOf = new WeakMap<NginxModel, readonly NginxRoute[]>();

/** Locations that hand requests on and can be reached: a `return` before them answers everything. */
export function passRoutes(model: NginxModel): readonly NginxRoute[] {
  const known = routesOf.get(model) ?? findRoutes(model);
  routesOf.set(model, known);
  return known;
}

function findRoutes({ places, https }: NginxModel): readonly NginxRoute[] {
  const upstreams = new Set(
    https.flatMap((http) => ownDirectives(http, "upstream").map(({ args }) => args[0]?.text)),
  );
  return places.flatMap(({ server, path, location }): readonly NginxRoute[] => {
    if (location === undefined || answersItself(server) || isReturning(path)) return [];
    const [first, ...others] = passesIn(path);
    if (first === undefined) return [];
    const isInternal = effectiveScalar(path, "internal") !== undefined;
    const passes = [first, ...others] as const;
    const hosts = passes.map(({ args }) => tlsHost(args[0]?.text ?? ""));
    const isForeign = hosts.every(
      (host) => host !== undefined && !upstreams.has(host) && isElsewhere(host),
    );
    return [{ server, path, location, passes, isInternal, isForeign }];
  });
}

/** The host of an `https://` target; none of one that hangs on a variable. */
function tlsHost(target: string): string | undefined {
  return /^https:\/\/([^/:$?#]+)(?:[/:?#]|$)/i.exec(target)?.[1];
}

/** A public address, or a name that is none of a private network (RFC 6762, RFC 8375, ICANN's `internal`). */
function isElsewhere(host: string): boolean {
  const reach = reachOf(host);
  if (reach !== "name") return reach === "public";
  return (
    /\.[a-z]{2,}$/i.test(host) && !/\.(?:local|internal|lan|localdomain|home\.arpa)$/i.test(host)
  );
}

function passesIn(path: BlockPath): readonly NginxDirective[] {
  return [
    ...ownDirectives(path, ...PASS_DIRECTIVES),
    ...ownDirectives(path, "if", "limit_except").flatMap((block) =>
      passesIn(pathInto(path, block)),
    ),
  ];
}

function isReturning(path: BlockPath): boolean {
  return ownDirectives(path, "return").length > 0;
}

/** The server's own block returns (a redirect, 444): none of its locations is ever reached. */
export function answersItself(server: NginxServer): boolean {
  return isReturning(server.path);
}

/** Ends every TLS handshake before there is one (nginx 1.19.4). */
export function rejectsHandshakes(server: NginxServer): boolean {
  return valueInForce(server.path, "ssl_reject_handshake") === "on";
}

const serversOf = new WeakMap<NginxModel, ReadonlyMap<NginxServer, readonly NginxSocket[]>>();

/** The sockets of each server. */
export function socketsByServer(
  model: NginxModel,
): ReadonlyMap<NginxServer, readonly NginxSocket[]> {
  const known = serversOf.get(model);
  if (known !== undefined) return known;
  const table = new Map<NginxServer, NginxSocket[]>();
  for (const socket of model.sockets) {
    for (const server of socket.servers) {
      const list = table.get(server) ?? [];
      list.push(socket);
      table.set(server, list);
    }
  }
  serversOf.set(model, table);
  return table;
}

/** Another proxy stands before the server and says who the client is: its word is taken from known addresses. */
export function isBehindProxy(server: NginxServer): boolean {
  return (
    !isReachable(server) ||
    server.listens.some(({ isProxyProtocol }) => isProxyProtocol) ||
    effectiveList(server.path, "set_real_ip_from").length > 0
  );
}

/**
 * Where a directive that all these servers lack would stand: `http { }` where the file has one, else the
 * server (a snippet of `sites-enabled` is read as if `http` stood around it).
 */
export function lackingBlock({ tree }: NginxModel, server: NginxServer): NginxDirective {
  const outer = server.path[1];
  if (outer === undefined || outer.block === tree.directives) return server.directive;
  return outer;
}

/** The directive of a server that is this `listen`. */
export function listenDirective(
  server: NginxServer,
  { file, line, column }: Pick<NginxDirective, "file" | "line" | "column">,
): NginxDirective {
  return (
    ownDirectives(server.path, "listen").find(
      (one) => one.line === line && one.column === column && one.file === file,
    ) ?? server.directive
  );
}
