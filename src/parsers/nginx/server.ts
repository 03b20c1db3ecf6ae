import { type BlockPath, ownDirectives, pathInto } from "./inherit.ts";
import { impliedListen, type NginxListen, normalIpv6, parseListen } from "./listen.ts";
import type { NginxDirective, NginxTree } from "./parse.ts";
import {
  matchName,
  type NameTable,
  type NginxServerName,
  nameTable,
  serverNames,
} from "./server-name.ts";
import { type NginxProblem, PROBLEMS_MAX } from "./tokenize.ts";

/** One `server { }`. */
export interface NginxServer {
  readonly directive: NginxDirective;
  /** `[main, http, server]` (or `stream` for `http`): what its values are inherited through. */
  readonly path: BlockPath;
  /** Never empty: a server without `listen` has the implied one. */
  readonly listens: readonly NginxListen[];
  /** Never empty. */
  readonly names: readonly NginxServerName[];
}

export interface NginxServers {
  readonly servers: readonly NginxServer[];
  /** `listen` directives nginx refuses. */
  readonly problems: readonly NginxProblem[];
}

/**
 * The `http { }` blocks of a configuration as paths `[main, http]`. A file without one that has
 * `server`, `upstream` or `map` at its top is a snippet such as those of `sites-enabled`: it is taken
 * as if `http { include FILE; }` named it.
 */
export function httpPaths(tree: NginxTree): readonly BlockPath[] {
  const main = madeUp("main", tree, tree.directives);
  const blocks = tree.directives.filter(
    ({ name, block }) => name === "http" && block !== undefined,
  );
  if (blocks.length > 0) return blocks.map((http) => [main, http]);
  const isSnippet = tree.directives.some(({ name }) => SNIPPET_NAMES.has(name));
  const http = madeUp("http", tree, tree.directives);
  return isSnippet ? [[madeUp("main", tree, [http]), http]] : [];
}

const SNIPPET_NAMES: ReadonlySet<string> = new Set(["server", "upstream", "map"]);

function madeUp(
  name: string,
  { file }: NginxTree,
  block: readonly NginxDirective[],
): NginxDirective {
  const directive = { name, args: [], block, file, line: 1, column: 1 };
  madeUpBlocks.add(directive);
  return directive;
}

const madeUpBlocks = new WeakSet<NginxDirective>();

/** Whether a block stands in no file: `main` itself, and the `http` around a snippet. */
export function isMadeUp(directive: NginxDirective): boolean {
  return madeUpBlocks.has(directive);
}

/** The servers of all `http { }` blocks, in file order. */
export function httpServers(tree: NginxTree): NginxServers {
  return serversOf(httpPaths(tree));
}

/** The servers of `stream { }`: TCP and UDP proxies; they have no names before nginx 1.25.5. */
export function streamServers(tree: NginxTree): NginxServers {
  const main = madeUp("main", tree, tree.directives);
  const blocks = tree.directives.filter(({ name }) => name === "stream");
  return serversOf(blocks.map((stream) => [main, stream]));
}

/** Servers of one configuration by their `listen`s: a port range counts as many. */
export const LISTENS_MAX = 50_000;

function serversOf(paths: readonly BlockPath[]): NginxServers {
  const servers: NginxServer[] = [];
  const problems: NginxProblem[] = [];
  let listenCount = 0;
  for (const server of paths.flatMap(serverPaths)) {
    const { directive, path } = server;
    const parsed = ownDirectives(path, "listen").map(parseListen);
    problems.push(...parsed.flatMap((one) => one.problems).slice(0, PROBLEMS_MAX));
    const listens = parsed.flatMap((one) => one.listens);
    listenCount += Math.max(1, listens.length);
    if (listenCount > LISTENS_MAX) {
      const { file, line, column } = directive;
      const message = `More than ${LISTENS_MAX} listening ports: from here on servers are left out`;
      problems.push({ kind: "limit", message, file, line, column });
      break;
    }
    servers.push({
      directive,
      path,
      listens: listens.length > 0 ? listens : [impliedListen(directive)],
      names: serverNames(directive, ownDirectives(path, "server_name")),
    });
  }
  return { servers, problems };
}

function serverPaths(path: BlockPath): readonly Pick<NginxServer, "directive" | "path">[] {
  return ownDirectives(path, "server")
    .filter(({ block }) => block !== undefined)
    .map((directive) => ({ directive, path: pathInto(path, directive) }));
}

/** All servers that share one address and port, and what is true of that socket. */
export interface NginxSocket {
  readonly address: string;
  readonly port: number;
  readonly family: NginxListen["family"];
  /** True when any `listen` on it says so: nginx then does TLS for every server of the socket. */
  readonly isSsl: boolean;
  readonly isHttp2: boolean;
  readonly isQuic: boolean;
  readonly isProxyProtocol: boolean;
  readonly isIpv6Only: boolean;
  /** In file order; never empty. */
  readonly servers: readonly NginxServer[];
  /** Takes requests whose name fits none: the first with `default_server`, else the first. */
  readonly defaultServer: NginxServer;
  /** In file order, one or more per server. */
  readonly listens: readonly NginxListen[];
}

/** Groups servers by socket, in order of first mention. QUIC and UDP sockets are apart from TCP's. */
export function listenSockets(servers: readonly NginxServer[]): readonly NginxSocket[] {
  const groups = new Map<
    string,
    { readonly server: NginxServer; readonly listen: NginxListen }[]
  >();
  for (const server of servers) {
    for (const listen of server.listens) {
      const key = `${listen.isQuic || listen.isUdp ? "udp" : "tcp"} ${listen.address} ${listen.port}`;
      const group = groups.get(key) ?? [];
      group.push({ server, listen });
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const listens = group.map(({ listen }) => listen);
    const marked = group.find(({ listen }) => listen.isDefaultServer) ?? first;
    return {
      address: first.listen.address,
      port: first.listen.port,
      family: first.listen.family,
      isSsl: listens.some(({ isSsl }) => isSsl),
      isHttp2: listens.some(({ isHttp2 }) => isHttp2),
      isQuic: first.listen.isQuic,
      isProxyProtocol: listens.some(({ isProxyProtocol }) => isProxyProtocol),
      isIpv6Only: listens.every(({ isIpv6Only }) => isIpv6Only),
      servers: [...new Set(group.map(({ server }) => server))],
      defaultServer: marked.server,
      listens,
    };
  });
}

/** The socket a `listen` belongs to. */
export function socketOf(
  sockets: readonly NginxSocket[],
  listen: NginxListen,
): NginxSocket | undefined {
  return sockets.find(({ listens }) => listens.includes(listen));
}

/** Where a request arrives, and for whom. */
export interface ServerRequest {
  /** The address connected to, `[::1]` for IPv6; `*` or `[::]` stand for one no `listen` names. */
  readonly address: string;
  readonly port: number;
  /** The `Host` field with or without port, or the TLS name; `""` when there is none. */
  readonly host: string;
}

export type ServerSelection =
  | {
      readonly state: "selected";
      readonly server: NginxServer;
      readonly by: ServerMatch;
      readonly socket: NginxSocket;
    }
  /** A pattern that cannot be evaluated decides: one of these it is. */
  | {
      readonly state: "undecidable";
      readonly because: string;
      readonly candidates: readonly NginxServer[];
      readonly socket: NginxSocket;
    }
  /** nginx answers 400 to such a host name. */
  | { readonly state: "bad-request"; readonly because: string }
  | { readonly state: "no-listener" };

export type ServerMatch = NginxServerName["kind"] | "default";

/**
 * Which server answers (nginx.org/en/docs/http/request_processing.html): the socket by the most
 * specific address, then the name within that socket alone, then the socket's default.
 */
export function selectServer(
  servers: readonly NginxServer[],
  request: ServerRequest,
): ServerSelection {
  const socket = receivingSocket(listenSockets(servers), request);
  return socket === undefined ? { state: "no-listener" } : selectByName(socket, request.host);
}

/** As `selectServer`, within one socket. */
export function selectByName(socket: NginxSocket, host: string): ServerSelection {
  const name = hostName(host);
  if (name === undefined) return { state: "bad-request", because: "The host name is not valid" };
  const match = matchName(namesOf(socket), name);
  switch (match.state) {
    case "found":
      return { state: "selected", server: match.target, by: match.by, socket };
    case "none":
      return { state: "selected", server: socket.defaultServer, by: "default", socket };
    case "undecidable": {
      const because = `The server name pattern ${match.pattern} cannot be evaluated`;
      const candidates = [...new Set([...match.candidates, socket.defaultServer])];
      return { state: "undecidable", because, candidates, socket };
    }
  }
}

const tables = new WeakMap<NginxSocket, NameTable<NginxServer>>();

/** Made once per socket: of thousands of servers each request would take as long. */
function namesOf(socket: NginxSocket): NameTable<NginxServer> {
  const known = tables.get(socket);
  if (known !== undefined) return known;
  const entries = socket.servers.flatMap((target) =>
    target.names.map((name) => ({ name, target })),
  );
  const table = nameTable(entries);
  tables.set(socket, table);
  return table;
}

/** The socket a connection to this address and port is taken by. */
export function receivingSocket(
  sockets: readonly NginxSocket[],
  { address, port }: Pick<ServerRequest, "address" | "port">,
): NginxSocket | undefined {
  const tcp = sockets.filter((socket) => socket.port === port && !socket.isQuic);
  const asked = normalAddress(address);
  const isIpv6 = asked.startsWith("[");
  return (
    tcp.find((socket) => isSameAddress(socket, asked)) ??
    tcp.find((socket) => socket.address === (isIpv6 ? "[::]" : "*")) ??
    (isIpv6 ? undefined : tcp.find(({ address: all, isIpv6Only }) => all === "[::]" && !isIpv6Only))
  );
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]"]);

function isSameAddress({ address, family }: NginxSocket, asked: string): boolean {
  if (address === asked) return true;
  // RFC 6761, 6.3: the one name whose addresses are known without asking.
  return family === "name" && address === "localhost" && LOOPBACK_NAMES.has(asked);
}

function normalAddress(address: string): string {
  if (address === "0.0.0.0") return "*";
  if (address.startsWith("unix:")) return address;
  const inner = address.startsWith("[") ? address.slice(1, -1) : address;
  if (!inner.includes(":")) return address.toLowerCase();
  return `[${normalIpv6(inner) ?? inner}]`;
}

/** As `ngx_http_validate_host`: lower case, without port and without the dot of the root. */
function hostName(host: string): string | undefined {
  const lower = host.toLowerCase();
  const end = lower.startsWith("[") ? lower.indexOf("]") + 1 : lower.indexOf(":");
  const name = end > 0 ? lower.slice(0, end) : lower;
  if (name.includes("..") || /[^!-.0-~\x80-\uffff]/.test(name)) return undefined;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
