import { remembered } from "../../core/remembered.ts";
import type { NginxConfiguration } from "../../facts/nginx-configurations.fact.ts";
import { type BlockPath, effectiveScalar, pathInto } from "../../parsers/nginx/inherit.ts";
import { type NginxLocation, parseLocation } from "../../parsers/nginx/location.ts";
import type { NginxDirective, NginxTree } from "../../parsers/nginx/parse.ts";
import {
  httpPaths,
  httpServers,
  listenSockets,
  type NginxServer,
  type NginxSocket,
  streamServers,
} from "../../parsers/nginx/server.ts";
import { isLocalAddress } from "../route/address.ts";

/** What every nginx rule reads: the configuration as nginx would understand it, and which nginx that is. */
export interface NginxModel {
  readonly configuration: Pick<NginxConfiguration, "file" | "isInstalled">;
  readonly tree: NginxTree;
  /** `1.22.1`; `undefined`: not known, what depends on it may be either way. */
  readonly version: string | undefined;
  /** Of the OpenSSL it runs with. */
  readonly openssl: string | undefined;
  /** `[main]`. */
  readonly main: BlockPath;
  /** `[main, http]` for every `http { }`. */
  readonly https: readonly BlockPath[];
  readonly servers: readonly NginxServer[];
  readonly sockets: readonly NginxSocket[];
  readonly streams: readonly NginxServer[];
  /** Each server's own block and every location in it, nested ones too, in file order. */
  readonly places: readonly NginxPlace[];
}

/** Where a request may end: a server's own block, or a location of it (`if` and `limit_except` are inside). */
export interface NginxPlace {
  readonly server: NginxServer;
  /** Ends in the server or the location. */
  readonly path: BlockPath;
  /** Absent for the server's own block. */
  readonly location?: NginxLocation;
}

/** What is known of the nginx that reads the configuration. */
export interface NginxBuild {
  readonly version?: string;
  readonly openssl?: string;
}

const models = new WeakMap<NginxTree, Map<string, NginxModel>>();

/** The model of a configuration; made once for all rules that ask. */
export function nginxModel(
  configuration: Pick<NginxConfiguration, "file" | "isInstalled" | "tree">,
  build: NginxBuild = {},
): NginxModel {
  const { tree } = configuration;
  const known = models.get(tree) ?? new Map<string, NginxModel>();
  models.set(tree, known);
  const key = `${build.version} ${build.openssl}`;
  const model = known.get(key) ?? makeModel(configuration, build);
  known.set(key, model);
  return model;
}

function makeModel(
  configuration: Pick<NginxConfiguration, "file" | "isInstalled" | "tree">,
  { version, openssl }: NginxBuild,
): NginxModel {
  const { tree } = configuration;
  const https = httpPaths(tree);
  const { servers } = httpServers(tree);
  const main = https[0]?.[0] ?? {
    name: "main",
    args: [],
    block: tree.directives,
    file: tree.file,
    line: 1,
    column: 1,
  };
  return {
    configuration,
    tree,
    version,
    openssl,
    main: [main],
    https,
    servers,
    sockets: listenSockets(servers),
    streams: streamServers(tree).servers,
    places: servers.flatMap((server) => placesOf(server, server.path)),
  };
}

function placesOf(server: NginxServer, path: BlockPath): readonly NginxPlace[] {
  const location = parseLocation(path.at(-1) ?? server.directive);
  const own: NginxPlace =
    path.length === server.path.length || location === undefined
      ? { server, path }
      : { server, path, location };
  const inner = (path.at(-1)?.block ?? []).filter(
    ({ name, block }) => name === "location" && block !== undefined,
  );
  return [own, ...inner.flatMap((directive) => placesOf(server, pathInto(path, directive)))];
}

/** The first argument of the directive in force, as written; `undefined` where none is. */
export function valueInForce(path: BlockPath, name: string): string | undefined {
  return effectiveScalar(path, name)?.args[0]?.text;
}

/** The names of servers as an operator knows them; a server without names by its first socket. */
export function namesOfServers(servers: readonly NginxServer[]): readonly string[] {
  return [
    ...new Set(
      servers.flatMap(({ names, listens }) => {
        const written = names.map(({ text }) => text).filter((text) => text !== "");
        const [listen] = listens;
        return written.length > 0 || listen === undefined
          ? written
          : [`${listen.address}:${listen.port}`];
      }),
    ),
  ];
}

/** Whether clients elsewhere reach a server: one of its sockets is neither loopback nor a unix socket. */
export const isReachable = remembered(({ listens }: NginxServer): boolean =>
  listens.some(({ address }) => !isLocalAddress(address)),
);

/** Where a directive begins. */
export function positionOf({ file, line, column }: NginxDirective): {
  readonly file: string;
  readonly line: number;
  readonly column: number;
} {
  return { file, line, column };
}
