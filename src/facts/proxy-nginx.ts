import {
  type BlockPath,
  effectiveScalar,
  findDirectives,
  ownDirectives,
} from "../parsers/nginx/inherit.ts";
import { impliedListen, type NginxListen, parseListen } from "../parsers/nginx/listen.ts";
import { directiveText, type NginxDirective, type NginxTree } from "../parsers/nginx/parse.ts";
import { excerptOf, type ProxyExtract, unreadIncludes } from "./proxy-extract.ts";
import { type NginxNames, namesOf, nginxUpstreams, PASS_DIRECTIVES } from "./proxy-nginx-target.ts";
import type { ProxyListener, ProxyRoute } from "./proxy-routes.fact.ts";
import { resolveFrom } from "./target-path.ts";

/** Where relative paths are taken from. */
export interface NginxPlaces {
  /** Of `ssl_certificate`: the directory of the main file (`ngx_conf_full_name`, conf prefix). */
  readonly configurationDirectory: string;
  /** Of `root`: nginx's own prefix. */
  readonly prefixDirectory: string;
}

/**
 * Routes and roots of a configuration with its includes expanded.
 *
 * A file with `server` blocks at its top counts as one that the main file includes in `http`.
 * `location` blocks outside of a server do nothing, nor do passes behind an unconditional `return`.
 */
export function nginxRoutes(tree: NginxTree, places: NginxPlaces): ProxyExtract {
  const main: NginxDirective = {
    name: "main",
    args: [],
    block: tree.directives,
    file: tree.file,
    line: 1,
    column: 1,
  };
  const routes: ProxyRoute[] = [];
  const roots: { path: string; file: string; line: number }[] = [];
  const scopes: readonly BlockPath[] = [
    ...ownDirectives([main], "http", "stream").map((block) => [main, block]),
    [main],
  ];
  for (const scope of scopes) {
    const servers = ownDirectives(scope, "server").filter(({ block }) => block !== undefined);
    if (servers.length === 0) continue;
    const names = namesOf(scope);
    const sockets = sslSockets(scope, servers);
    const unreadIn = unreadIncludes(unreadProblems(tree), servers);
    for (const server of servers) {
      const path = [...scope, server];
      const certificates = {
        ...places,
        unread: [server, ...scope.slice(1)].map(unreadIn).find((place) => place !== undefined),
      };
      routes.push(...serverRoutes(path, names, listenersOf(path, sockets, certificates)));
      roots.push(...serverRoots(path, places));
    }
  }
  return { routes, roots };
}

/** Includes whose files are not there or may not be read; what they hold is not known. */
function unreadProblems({ problems }: NginxTree): NginxTree["problems"] {
  return problems.filter(({ kind }) => kind === "missing-include" || kind === "unreadable-include");
}

/** Where certificates are looked for, and the include around the server that was not read. */
interface CertificatePlaces extends NginxPlaces {
  readonly unread: string | undefined;
}

function serverRoutes(
  path: BlockPath,
  names: NginxNames,
  listeners: readonly ProxyListener[],
): readonly ProxyRoute[] {
  if (ownDirectives(path, "return").length > 0) return [];
  const serverNames = ownDirectives(path, "server_name")
    .flatMap(({ args }) => args.map(({ text }) => text))
    .filter((name) => name !== "" && name !== "_");
  return findDirectives(path, ...Object.keys(PASS_DIRECTIVES))
    .filter(({ path: around }) => !isAnsweredBefore(around))
    .map(({ directive, path: around }) => ({
      proxy: "nginx",
      names: serverNames,
      file: directive.file,
      line: directive.line,
      listeners,
      upstreams: nginxUpstreams(directive, around, names),
      path: locationOf(around),
      excerpt: excerptOf([directiveText(directive)]),
    }));
}

/** A `return` of the block itself is run in the rewrite phase: a pass beside it is never reached. */
function isAnsweredBefore(path: BlockPath): boolean {
  return ownDirectives(path, "return").length > 0;
}

function locationOf(path: BlockPath): string {
  const location = path.findLast(({ name }) => name === "location");
  return location?.args.map(({ text }) => text).join(" ") ?? "/";
}

function serverRoots(
  path: BlockPath,
  { prefixDirectory }: NginxPlaces,
): readonly { path: string; file: string; line: number }[] {
  const own = findDirectives(path, "root", "alias").map(({ directive }) => directive);
  // A root of http{} counts for every server without one of its own.
  const outer = ownDirectives(path, "root").length > 0 ? undefined : effectiveScalar(path, "root");
  return [...own, ...(outer === undefined ? [] : [outer])]
    .filter(({ args }) => args[0] !== undefined && !args[0].text.includes("$"))
    .map(({ args, file, line }) => ({
      path: resolveFrom(prefixDirectory, args[0]?.text ?? ""),
      file,
      line,
    }));
}

type Sockets = ReadonlyMap<string, NginxListen>;

function socketKey({ address, port }: NginxListen): string {
  return `${address} ${port}`;
}

/**
 * For each address and port with `ssl` on it anywhere: the `listen` that says so. Servers that reject
 * every handshake do not count (catalog, hub.https-termination).
 */
function sslSockets(scope: BlockPath, servers: readonly NginxDirective[]): Sockets {
  const sockets = new Map<string, NginxListen>();
  for (const server of servers) {
    if (rejectsHandshakes([...scope, server])) continue;
    for (const listen of listensOf(server))
      if (listen.isSsl && !sockets.has(socketKey(listen))) sockets.set(socketKey(listen), listen);
  }
  return sockets;
}

function rejectsHandshakes(path: BlockPath): boolean {
  return effectiveScalar(path, "ssl_reject_handshake")?.args[0]?.text === "on";
}

/** A port range beyond this says nothing more about where a route is served. */
const LISTENS_MAX = 64;

function listensOf(server: NginxDirective): readonly NginxListen[] {
  const written = ownDirectives([server], "listen");
  if (written.length === 0) return [impliedListen(server)];
  return written.flatMap((directive) => parseListen(directive).listens.slice(0, LISTENS_MAX));
}

function listenersOf(
  path: BlockPath,
  sockets: Sockets,
  places: CertificatePlaces,
): readonly ProxyListener[] {
  const server = path.at(-1);
  if (server === undefined) return [];
  const truth = certificateTruth(path, places);
  return listensOf(server).map((listen) => ({
    address: listen.address.replace(/^\[|\]$/g, ""),
    port: listen.port,
    file: listen.file,
    line: listen.line,
    ...(listen.isSsl || listen.isQuic ? truth : plainTruth(path, listen, sockets, truth)),
  }));
}

type Truth = Pick<ProxyListener, "isTls" | "because" | "certificate" | "unread">;

/**
 * A `listen` without `ssl`. Where another server has `ssl` on the same socket nginx speaks TLS on it
 * for all of them (`ngx_http_add_addresses`; a warning since 1.25.1): TLS when certificate and key
 * are in force in this server too.
 */
function plainTruth(path: BlockPath, listen: NginxListen, sockets: Sockets, own: Truth): Truth {
  const no = (because: string): Truth => ({ isTls: false, because });
  if (effectiveScalar(path, "ssl")?.args[0]?.text === "on")
    return no(`ssl on was removed in nginx 1.25.1, listen ${listen.port} has no ssl`);
  const other = sockets.get(socketKey(listen));
  if (other === undefined) return no(`listen ${listen.port} without ssl`);
  const at = `${other.file}:${other.line}`;
  if (!own.isTls)
    return no(`listen ${listen.port} without ssl; only another server block has it, at ${at}`);
  const because = `ssl of the socket comes from another server block, at ${at}; certificate and key are in force`;
  return { ...own, because };
}

/** A `listen` with `ssl` (or `quic`): TLS when certificate and key are in force in this server. */
function certificateTruth(path: BlockPath, places: CertificatePlaces): Truth {
  if (rejectsHandshakes(path)) return { isTls: false, because: "ssl_reject_handshake on" };
  const { unread } = places;
  const no = (because: string): Truth => ({
    isTls: false,
    because,
    ...(unread !== undefined && { unread }),
  });
  const certificate = effectiveScalar(path, "ssl_certificate");
  if (certificate === undefined) return no("listen has ssl but no ssl_certificate is in force");
  if (effectiveScalar(path, "ssl_certificate_key") === undefined)
    return no("listen has ssl but no ssl_certificate_key is in force");
  const text = certificate.args[0]?.text ?? "";
  const isPath = !text.includes("$") && !/^(?:data|engine|store):/.test(text);
  return {
    isTls: true,
    because: "listen has ssl, certificate and key are in force",
    certificate: {
      file: isPath ? resolveFrom(places.configurationDirectory, text) : text.slice(0, 40),
      exists: undefined,
      at: `${certificate.file}:${certificate.line}`,
    },
  };
}
