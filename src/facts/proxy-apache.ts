import { type ApacheConfiguration, type ApacheNode, isNamed } from "../parsers/apache.ts";
import { excerptOf, type ProxyExtract, unreadInclude } from "./proxy-extract.ts";
import type { ProxyListener, ProxyRoute, Upstream } from "./proxy-routes.fact.ts";
import {
  splitHostPort,
  targetOf,
  uniqueUpstreams,
  unixUpstream,
  unresolvedUpstream,
  upstreamOf,
} from "./proxy-upstream.ts";
import { resolveFrom } from "./target-path.ts";

/** Ports mod_proxy's schemes have (httpd 2.4, `ap_proxy_port_of_scheme`). */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  fcgi: 8000,
  ajp: 8009,
  scgi: 4000,
  uwsgi: 3031,
};

/** Sections of a virtual host that name a part of it, or of its content. */
const SCOPES = new Set([
  "location",
  "locationmatch",
  "directory",
  "directorymatch",
  "files",
  "filesmatch",
  "if",
  "else",
  "elseif",
  "limit",
  "limitexcept",
]);

/** `serverRoot`: relative paths (certificates, `DocumentRoot`) are taken from it. */
export function apacheRoutes(
  { nodes, problems }: ApacheConfiguration,
  serverRoot: string,
): ProxyExtract {
  const hosts = nodes.filter((node) => isNamed(node, "VirtualHost"));
  const world = apacheWorld(nodes, serverRoot);
  const { main } = world;
  const routes = hosts.flatMap((host) => {
    const unread = unreadInclude(problems.filter(isMissingInclude), host, hosts);
    const listeners = hostListeners(host, world).map((listener) =>
      listener.isTls || listener.port === 80 || unread === undefined
        ? listener
        : { ...listener, unread },
    );
    const names = serverNames(host.children ?? []);
    // What stands outside of every virtual host counts in each of them.
    return [...passes(host.children ?? [], world), ...passes(main, world)].map((pass) => ({
      ...pass,
      names,
      listeners,
    }));
  });
  const mainListeners = unclaimedListeners(world, hosts);
  const own = passes(main, world).map((pass) => ({
    ...pass,
    names: serverNames(main),
    listeners: mainListeners,
  }));
  return {
    routes: mainListeners.length > 0 || hosts.length === 0 ? [...routes, ...own] : routes,
    roots: rootsOf([main, ...hosts.map(({ children }) => children ?? [])], serverRoot),
  };
}

/** certbot's options-ssl-apache.conf holds the `SSLEngine on` of the hosts that include it. */
export function isMissingInclude({ isMissing }: ApacheConfiguration["problems"][number]): boolean {
  return isMissing === true;
}

export function apacheWorld(nodes: readonly ApacheNode[], serverRoot: string): ApacheWorld {
  const main = nodes.filter((node) => !isNamed(node, "VirtualHost"));
  const listens = main.filter((node) => isNamed(node, "Listen")).flatMap(listenOf);
  return { main, listens, serverRoot, balancers: balancersOf(nodes) };
}

export interface ApacheWorld {
  readonly main: readonly ApacheNode[];
  readonly listens: readonly Listen[];
  readonly serverRoot: string;
  readonly balancers: ReadonlyMap<string, readonly Upstream[]>;
}

interface Listen {
  readonly address: string;
  readonly port: number;
  readonly node: ApacheNode;
}

function listenOf(node: ApacheNode): readonly Listen[] {
  const text = node.args[0]?.text ?? "";
  const { host, port } = /^\d+$/.test(text) ? { host: "", port: text } : splitHostPort(text);
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return [];
  return [{ address: host === "" || host === "0.0.0.0" ? "*" : host, port: number, node }];
}

export function lastNamed(nodes: readonly ApacheNode[], name: string): ApacheNode | undefined {
  return nodes.findLast((node) => isNamed(node, name));
}

export function serverNames(nodes: readonly ApacheNode[]): readonly string[] {
  return nodes
    .filter((node) => isNamed(node, "ServerName") || isNamed(node, "ServerAlias"))
    .flatMap(({ args }) => args.map(({ text }) => text.replace(/^https?:\/\//, "")))
    .map((name) => name.replace(/:\d+$/, ""));
}

export function hostListeners(host: ApacheNode, world: ApacheWorld): readonly ProxyListener[] {
  const truth = tlsTruth(host.children ?? [], world);
  return host.args.flatMap(({ text }) => {
    const { host: name, port } = splitHostPort(text);
    const address = ["", "*", "_default_", "0.0.0.0"].includes(name) ? "*" : name;
    const ports =
      port === "" || port === "*" ? world.listens.map((listen) => listen.port) : [Number(port)];
    return ports.map((number) => ({
      address,
      port: number,
      ...(isListened(world, number) ? truth : { isTls: false, because: `no Listen ${number}` }),
      file: host.file,
      line: host.line,
    }));
  });
}

/** A virtual host alone in a tree comes without the file that holds `Listen`. */
function isListened({ listens }: ApacheWorld, port: number): boolean {
  return listens.length === 0 || listens.some((listen) => listen.port === port);
}

/** Listening ports that no virtual host answers on: the main server does. */
export function unclaimedListeners(
  world: ApacheWorld,
  hosts: readonly ApacheNode[],
): readonly ProxyListener[] {
  const claimed = new Set(
    hosts.flatMap((host) => hostListeners(host, world).map(({ port }) => port)),
  );
  const truth = tlsTruth([], world);
  return world.listens
    .filter(({ port }) => !claimed.has(port))
    .map(({ address, port, node }) => ({
      address,
      port,
      ...truth,
      file: node.file,
      line: node.line,
    }));
}

type Truth = Pick<ProxyListener, "isTls" | "because" | "certificate">;

/** `SSLEngine` and certificates, of the virtual host or else of the main server. */
function tlsTruth(nodes: readonly ApacheNode[], { main, serverRoot }: ApacheWorld): Truth {
  const find = (name: string): ApacheNode | undefined =>
    lastNamed(nodes, name) ?? lastNamed(main, name);
  const no = (because: string): Truth => ({ isTls: false, because });
  const engine = find("SSLEngine")?.args[0]?.text.toLowerCase();
  if (engine === undefined) return no("SSLEngine is not set");
  if (engine !== "on") return no(`SSLEngine ${engine.slice(0, 20)}`);
  const certificate = find("SSLCertificateFile");
  if (certificate === undefined) {
    // mod_md gets certificates by itself.
    return find("MDomain") !== undefined || find("MDomainSet") !== undefined
      ? { isTls: true, because: "SSLEngine on, certificate managed by mod_md" }
      : no("SSLEngine on but no SSLCertificateFile");
  }
  const text = certificate.args[0]?.text ?? "";
  const file = /[$:]/.test(text) ? text : resolveFrom(serverRoot, text);
  const at = `${certificate.file}:${certificate.line}`;
  const because = "SSLEngine on with SSLCertificateFile";
  return { isTls: true, because, certificate: { file, exists: undefined, at } };
}

type Pass = Omit<ProxyRoute, "names" | "listeners">;

function passes(
  nodes: readonly ApacheNode[],
  world: ApacheWorld,
  scope?: { readonly path: string; readonly rewrites: boolean },
): readonly Pass[] {
  const engine = lastNamed(nodes, "RewriteEngine")?.args[0]?.text.toLowerCase();
  const rewrites = engine === undefined ? (scope?.rewrites ?? false) : engine === "on";
  return nodes.flatMap((node) => {
    if (node.children !== undefined) {
      if (!SCOPES.has(node.name.toLowerCase())) return [];
      const path = node.args.map(({ text }) => text).join(" ");
      return passes(node.children, world, { path: path === "" ? "/" : path, rewrites });
    }
    const found = passOf(node, scope?.path, rewrites);
    if (found === undefined) return [];
    const { file, line, name, args } = node;
    return [
      {
        proxy: "apache" as const,
        file,
        line,
        upstreams: uniqueUpstreams(apacheUpstreams(found.target, world)),
        path: found.path,
        excerpt: excerptOf([name, ...args.map(({ text }) => text)]),
      },
    ];
  });
}

interface Found {
  readonly path: string;
  readonly target: string;
}

function passOf(node: ApacheNode, scope: string | undefined, rewrites: boolean): Found | undefined {
  const [first = "", second = "", third = ""] = node.args.map(({ text }) => text);
  switch (node.name.toLowerCase()) {
    case "proxypass":
    case "proxypassmatch":
      // Inside of a section the path is the section's, and the target comes first.
      return targeted(scope ?? first, scope === undefined ? second : first);
    case "rewriterule":
      return rewrites && isProxyFlag(third) ? targeted(scope ?? first, second) : undefined;
    case "sethandler":
      return first.startsWith("proxy:")
        ? targeted(scope ?? "/", first.slice("proxy:".length))
        : undefined;
    default:
      return undefined;
  }
}

/** `!` keeps a path from being handed on. */
function targeted(path: string, target: string): Found | undefined {
  return target === "!" || target === "" ? undefined : { path, target };
}

/** `[P]`, `[L,P]`, `[proxy,QSA]`. */
function isProxyFlag(flags: string): boolean {
  return flags
    .replace(/^\[|\]$/g, "")
    .split(",")
    .some((flag) => /^(?:P|proxy)$/i.test(flag.trim()));
}

/** `http://host:8000/`, `unix:/run/x.sock|http://localhost/`, `balancer://name/`. */
export function apacheUpstreams(
  text: string,
  { balancers }: Pick<ApacheWorld, "balancers">,
): readonly Upstream[] {
  const unix = /^unix:([^|]+)\|/i.exec(text)?.[1];
  if (unix !== undefined) return [unixUpstream(unix)];
  const target = targetOf(text);
  if (target.scheme === "balancer")
    return balancers.get(target.authority.toLowerCase()) ?? [unresolvedUpstream(text)];
  if (target.scheme === "") return [unresolvedUpstream(text)];
  return [upstreamOf(target, DEFAULT_PORTS[target.scheme])];
}

function balancersOf(nodes: readonly ApacheNode[]): ReadonlyMap<string, readonly Upstream[]> {
  const balancers = new Map<string, readonly Upstream[]>();
  const all = [...nodes, ...nodes.flatMap(({ children }) => children ?? [])];
  for (const { balancer, member } of all.flatMap(membersOf)) {
    const key = targetOf(balancer).authority.toLowerCase();
    const members = apacheUpstreams(member, { balancers: new Map() });
    balancers.set(key, [...(balancers.get(key) ?? []), ...members]);
  }
  return balancers;
}

/** Members of a `<Proxy "balancer://name">`; outside of it a member names its balancer first. */
function membersOf(node: ApacheNode): readonly { balancer: string; member: string }[] {
  const [first = "", second = ""] = node.args.map(({ text }) => text);
  if (isNamed(node, "BalancerMember") && first.startsWith("balancer://"))
    return [{ balancer: first, member: second }];
  if (!isNamed(node, "Proxy") || !first.startsWith("balancer://")) return [];
  return (node.children ?? [])
    .filter((child) => isNamed(child, "BalancerMember"))
    .map(({ args }) => ({ balancer: first, member: args[0]?.text ?? "" }));
}

function rootsOf(
  scopes: readonly (readonly ApacheNode[])[],
  serverRoot: string,
): readonly { path: string; file: string; line: number }[] {
  return scopes.flat().flatMap((node) => {
    const { file, line, args } = node;
    const text = isNamed(node, "DocumentRoot") ? args[0]?.text : undefined;
    const alias = isNamed(node, "Alias") ? args[1]?.text : undefined;
    const path = text ?? alias;
    return path === undefined || path.includes("${")
      ? []
      : [{ path: resolveFrom(serverRoot, path), file, line }];
  });
}
