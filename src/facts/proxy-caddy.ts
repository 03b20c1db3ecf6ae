import { type CaddyAddress, parseCaddyAddress } from "../parsers/caddyfile/address.ts";
import type { CaddyDirective, Caddyfile, CaddySite } from "../parsers/caddyfile/parse.ts";
import type { CaddyToken } from "../parsers/caddyfile/tokenize.ts";
import { excerptOf, type ProxyExtract } from "./proxy-extract.ts";
import type { ProxyListener, ProxyRoute, Upstream } from "./proxy-routes.fact.ts";
import {
  targetOf,
  uniqueUpstreams,
  unixUpstream,
  unresolvedUpstream,
  upstreamsOf,
} from "./proxy-upstream.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

/** Directives whose blocks hold directives again (Caddy 2.10 documentation, "Directives"). */
const HANDLERS = new Set(["handle", "handle_path", "route", "handle_errors", "handle_response"]);

/** Global options that decide where and how sites listen. */
export interface CaddyOptions {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Word of `auto_https`; empty when it is as by default. */
  readonly autoHttps: string;
  readonly binds: readonly string[];
}

/**
 * Routes and roots of a Caddyfile. `file` is the configuration's absolute path: relative roots are
 * taken from its directory.
 */
export function caddyRoutes(caddyfile: Caddyfile, file: string): ProxyExtract {
  const namedRoutes = new Map(
    caddyfile.namedRoutes.map(({ name, site }) => [name, site.directives] as const),
  );
  const routes: ProxyRoute[] = [];
  const roots: { path: string; file: string; line: number }[] = [];
  for (const { site, listeners: placed } of caddySites(caddyfile)) {
    const names = placed.map(({ host }) => host).filter((name) => name !== "");
    const listeners = placed.map(({ listener }) => listener);
    for (const { directive, path } of proxyDirectives(site.directives, "*", namedRoutes, 0))
      routes.push({
        proxy: "caddy",
        names: [...new Set(names)],
        file: directive.file,
        line: directive.line,
        listeners,
        upstreams: caddyUpstreams(directive),
        path,
        excerpt: excerptOf([directive.name, ...directive.args.map(({ text }) => text)]),
      });
    for (const root of rootsOf(site.directives))
      roots.push({ ...root, path: resolveFrom(directoryOf(file), root.path) });
  }
  return { routes, roots };
}

/** A site with its listeners, each with the host name of the address it comes from. */
export interface PlacedSite {
  readonly site: CaddySite;
  readonly listeners: readonly { readonly host: string; readonly listener: ProxyListener }[];
}

/** Every site of the file with where it listens. */
export function caddySites(caddyfile: Caddyfile): readonly PlacedSite[] {
  const options = readOptions(caddyfile.globalOptions);
  return caddyfile.sites.map((site) => {
    const addresses = site.addresses.map((token) => ({
      token,
      address: parseCaddyAddress(token.text),
    }));
    return { site, listeners: siteListeners(site, addresses, options) };
  });
}

export function readOptions(directives: readonly CaddyDirective[]): CaddyOptions {
  const words = (name: string): readonly string[] =>
    directives.findLast((directive) => directive.name === name)?.args.map(({ text }) => text) ?? [];
  return {
    httpPort: Number(words("http_port")[0] ?? 80),
    httpsPort: Number(words("https_port")[0] ?? 443),
    autoHttps: words("auto_https").find((word) => word === "off" || word === "disable_certs") ?? "",
    binds: words("default_bind"),
  };
}

interface SiteAddress {
  readonly token: CaddyToken;
  readonly address: CaddyAddress;
}

function siteListeners(
  site: CaddySite,
  addresses: readonly SiteAddress[],
  options: CaddyOptions,
): PlacedSite["listeners"] {
  const bind = site.directives.findLast(({ name }) => name === "bind");
  const binds = bind?.args.map(({ text }) => text) ?? options.binds;
  const tls = site.directives.findLast(({ name }) => name === "tls");
  const hostlessPorts = new Set(
    addresses
      .filter(({ address }) => address.host === "" && !address.isUnresolved)
      .map(({ address }) => portOf(address, options)),
  );
  return addresses.flatMap(({ token, address }) => {
    const port = portOf(address, options);
    const truth = tlsTruth({
      address,
      port,
      tls,
      options,
      isShadowed: address.host !== "" && hostlessPorts.has(port),
    });
    const { file, line } = token;
    return (binds.length === 0 ? ["*"] : binds).map((bound) => ({
      host: address.host,
      listener: {
        address: bound === "" ? "*" : bound,
        port: bound.startsWith("unix/") ? 0 : port,
        ...truth,
        file,
        line,
      },
    }));
  });
}

function portOf({ port, scheme }: CaddyAddress, { httpPort, httpsPort }: CaddyOptions): number {
  return port ?? (scheme === "http" ? httpPort : httpsPort);
}

type Truth = Pick<ProxyListener, "isTls" | "because" | "certificate">;

interface SiteCase {
  readonly address: CaddyAddress;
  readonly port: number;
  readonly tls: CaddyDirective | undefined;
  readonly options: CaddyOptions;
  /** The same block also has an address without a host on this port. */
  readonly isShadowed: boolean;
}

/**
 * Whether Caddy ends TLS for a site address: "Automatic HTTPS" in its documentation, and what
 * `caddy adapt` 2.6.2 makes of each case (`tls_connection_policies`).
 */
function tlsTruth({ address, port, tls, options, isShadowed }: SiteCase): Truth {
  const no = (because: string): Truth => ({ isTls: false, because });
  if (address.isUnresolved) return no("site address holds a variable whose value is not known");
  if (address.scheme === "http") return no("site address has http://");
  if (port === options.httpPort) return no(`site address has the HTTP port :${port}`);
  const files = certificateOf(tls);
  if (files !== undefined)
    return { isTls: true, because: "tls directive with certificate and key", ...files };
  if (options.autoHttps !== "")
    return no(`auto_https ${options.autoHttps} and no certificate in a tls directive`);
  if (address.host === "" || isShadowed) {
    const isOnDemand = tls?.block?.some(({ name }) => name === "on_demand") === true;
    if (address.scheme === "https" && isOnDemand)
      return { isTls: true, because: "https:// with certificates on demand" };
    return no("site address has no host name to get a certificate for");
  }
  const isInternal = tls?.args[0]?.text === "internal";
  return {
    isTls: true,
    because: isInternal
      ? "automatic HTTPS with Caddy's own authority (tls internal)"
      : "automatic HTTPS for the site address",
  };
}

function certificateOf(
  tls: CaddyDirective | undefined,
): { readonly certificate?: NonNullable<ProxyListener["certificate"]> } | undefined {
  if (tls === undefined) return undefined;
  const [certificate, key] = tls.args;
  if (certificate !== undefined && key !== undefined)
    return {
      certificate: {
        file: certificate.text,
        exists: undefined,
        at: `${certificate.file}:${certificate.line}`,
      },
    };
  const loads = tls.block?.some(({ name }) => name === "load" || name === "get_certificate");
  return loads === true ? {} : undefined;
}

interface Proxied {
  readonly directive: CaddyDirective;
  readonly path: string;
}

/** Calls of `invoke` within each other, and blocks looked into. */
const DEPTH_MAX = 40;

function proxyDirectives(
  directives: readonly CaddyDirective[],
  outer: string,
  namedRoutes: ReadonlyMap<string, readonly CaddyDirective[]>,
  depth: number,
): readonly Proxied[] {
  if (depth > DEPTH_MAX) return [];
  return directives.flatMap((directive) => {
    const { matcher, rest } = takeMatcher(directive);
    const path = matcher === undefined ? outer : matcher;
    if (directive.name === "reverse_proxy" || directive.name === "php_fastcgi")
      return [{ directive, path }];
    if (directive.name === "invoke")
      return proxyDirectives(
        namedRoutes.get(rest[0]?.text ?? "") ?? [],
        path,
        namedRoutes,
        // A route may invoke itself: fan-out is bounded with the depth.
        depth + DEPTH_MAX / 4,
      );
    if (!HANDLERS.has(directive.name)) return [];
    return proxyDirectives(directive.block ?? [], path, namedRoutes, depth + 1);
  });
}

/** The first word when it is a matcher: `*`, `/path*`, `@name` (documentation, "Request matchers"). */
function takeMatcher({ args }: CaddyDirective): {
  readonly matcher: string | undefined;
  readonly rest: readonly CaddyToken[];
} {
  const [first, ...rest] = args;
  const isMatcher =
    first !== undefined && (first.text === "*" || /^[/@]/.test(first.text)) && first.quote === "";
  return isMatcher ? { matcher: first.text, rest } : { matcher: undefined, rest: args };
}

export function caddyUpstreams(directive: CaddyDirective): readonly Upstream[] {
  const block = directive.block ?? [];
  const words = [
    ...takeMatcher(directive).rest,
    ...block.filter(({ name }) => name === "to").flatMap(({ args }) => args),
  ];
  const dynamic = block
    .filter(({ name }) => name === "dynamic")
    .map(({ args }) => unresolvedUpstream(`dynamic ${args.map(({ text }) => text).join(" ")}`));
  const isTls = block.some(
    ({ name, block: inner }) =>
      name === "transport" && inner?.some((option) => /^tls/.test(option.name)) === true,
  );
  const upstreams = words.flatMap(({ text }) => dialed(text));
  return uniqueUpstreams([
    ...upstreams.map((upstream) => (isTls ? { ...upstream, isTls } : upstream)),
    ...dynamic,
  ]);
}

/** `unix//run/x.sock`, `unix+h2c//x`, `h2c://host:1`, `:8000`, `host:8001-8003`, `{env.UPSTREAM}`. */
function dialed(text: string): readonly Upstream[] {
  if (/\{[^}]*\}/.test(text)) return [unresolvedUpstream(text)];
  const unix = /^unix(?:\+h2c)?\/(.+)$/.exec(text)?.[1];
  if (unix !== undefined) return [unixUpstream(unix)];
  if (text.startsWith("srv+")) return [unresolvedUpstream(text)];
  return upstreamsOf(targetOf(text.replace(/^tcp[46]?\//, "")));
}

function rootsOf(
  directives: readonly CaddyDirective[],
): readonly { path: string; file: string; line: number }[] {
  return directives.flatMap((directive) => {
    const { name, file, line, block } = directive;
    const inner = HANDLERS.has(name) || name === "file_server" || name === "php_fastcgi";
    const own = name === "root" ? takeRoot(directive) : undefined;
    return [
      ...(own === undefined ? [] : [{ path: own, file, line }]),
      ...(inner ? rootsOf(block ?? []) : []),
    ];
  });
}

/** `root * /srv/www`, and `root /srv/www` since 2.8: with one word it is the path. */
function takeRoot({ args }: CaddyDirective): string | undefined {
  const path = args.at(-1)?.text;
  return path === undefined || path.includes("{") || path === "*" ? undefined : path;
}
