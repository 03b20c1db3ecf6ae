import {
  type BlockPath,
  effectiveScalar,
  outerPath,
  ownDirectives,
  type PlacedDirective,
} from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";
import type { NginxPosition } from "./tokenize.ts";
import { resolveText } from "./variable.ts";

/** Where requests go. A text that cannot be resolved is `unresolved`, with its `host` as written. */
export interface PassTarget {
  readonly kind: "tcp" | "unix" | "unresolved";
  /** Host name or address, IPv6 without brackets; the path of a unix socket. */
  readonly host: string;
  /** 0 for a unix socket, and where it is not known. */
  readonly port: number;
  readonly isTls: boolean;
  /** The `upstream` block it stands in. */
  readonly upstream?: string;
}

/** One `server` of an `upstream { }`. */
export interface UpstreamServer extends NginxPosition {
  readonly kind: "tcp" | "unix";
  readonly host: string;
  readonly port: number;
  /** 1 where not given. */
  readonly weight: number;
  readonly isBackup: boolean;
  readonly isDown: boolean;
}

export interface NginxUpstream {
  readonly name: string;
  readonly directive: NginxDirective;
  readonly servers: readonly UpstreamServer[];
}

/** Directives that hand a request on, to be looked for with `findDirectives`. */
export const PASS_DIRECTIVES = [
  "proxy_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "grpc_pass",
  "memcached_pass",
] as const;

/** The `upstream` blocks of the `http` or `stream` block a path leads through. */
export function upstreamsIn(path: BlockPath): readonly NginxUpstream[] {
  return ownDirectives(outerPath(path, 2), "upstream").flatMap((directive) => {
    const name = directive.args[0]?.text;
    return name === undefined ? [] : [{ name, directive, servers: upstreamServers(directive) }];
  });
}

/** The one of this name, any case: only its servers are parsed. */
function findUpstream(path: BlockPath, name: string): NginxUpstream | undefined {
  const directive = upstreamBlock(path, name);
  if (directive === undefined) return undefined;
  return {
    name: directive.args[0]?.text ?? "",
    directive,
    servers: upstreamServers(directive),
  };
}

const blocksByName = new WeakMap<NginxDirective, ReadonlyMap<string, NginxDirective>>();

/** The `upstream` block of this name, any case; of several the first. The names are gone through once. */
export function upstreamBlock(path: BlockPath, name: string): NginxDirective | undefined {
  const around = path[1];
  if (around === undefined) return undefined;
  const known = blocksByName.get(around) ?? upstreamNames(around);
  blocksByName.set(around, known);
  return known.get(name.toLowerCase());
}

function upstreamNames(around: NginxDirective): ReadonlyMap<string, NginxDirective> {
  const blocks = ownDirectives([around], "upstream").toReversed();
  return new Map(blocks.map((block) => [block.args[0]?.text.toLowerCase() ?? "", block]));
}

function upstreamServers(upstream: NginxDirective): readonly UpstreamServer[] {
  return ownDirectives([upstream], "server").flatMap(({ args, file, line, column }) => {
    const [address, ...parameters] = args.map(({ text }) => text);
    const place = address === undefined ? undefined : parsePlace(address, HTTP_PORT);
    if (place === undefined) return [];
    const weight = parameters.find((parameter) => /^weight=\d{1,9}$/.test(parameter));
    return {
      ...place,
      weight: weight === undefined ? 1 : Number(weight.slice("weight=".length)),
      isBackup: parameters.includes("backup"),
      isDown: parameters.includes("down"),
      file,
      line,
      column,
    };
  });
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const TLS_SCHEMES: ReadonlySet<string> = new Set(["https", "grpcs", "suwsgi"]);
/** Targets of one directive; an upstream may list as many servers as it likes. */
export const TARGETS_MAX = 1_000;

/**
 * Every place a `proxy_pass` (or another of `PASS_DIRECTIVES`) may lead to: variables are resolved
 * (`resolveText`), names of `upstream` blocks are replaced by their servers but those marked `down`.
 * Never empty.
 */
export function passTargets({ directive, path }: PlacedDirective): readonly PassTarget[] {
  const text = directive.args[0]?.text ?? "";
  const resolved = resolveText(text, path);
  if (resolved.state === "unresolved") return [unresolvedTarget(text)];
  const isStreamTls = effectiveScalar(path, "proxy_ssl")?.args[0]?.text === "on";
  const targets = resolved.values
    .flatMap((value) => targetsOf(value, path, isStreamTls))
    .slice(0, TARGETS_MAX);
  return targets.length > 0 ? targets : [unresolvedTarget(text)];
}

function unresolvedTarget(text: string): PassTarget {
  const { scheme, rest } = splitScheme(text);
  return { kind: "unresolved", host: rest, port: 0, isTls: TLS_SCHEMES.has(scheme) };
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  const end = text.indexOf("://");
  if (end === -1) return { scheme: "", rest: text };
  return { scheme: text.slice(0, end).toLowerCase(), rest: text.slice(end + 3) };
}

/** None for what names no place: the empty value of a `map` without default. */
function targetsOf(value: string, path: BlockPath, isStreamTls: boolean): readonly PassTarget[] {
  const { scheme, rest } = splitScheme(value);
  const isTls = TLS_SCHEMES.has(scheme) || isStreamTls;
  const authority = authorityOf(rest);
  const upstream = findUpstream(path, authority);
  if (upstream !== undefined) {
    return upstream.servers
      .filter(({ isDown }) => !isDown)
      .map(({ kind, host, port }) => ({ kind, host, port, isTls, upstream: upstream.name }));
  }
  const place = parsePlace(authority, isTls ? HTTPS_PORT : HTTP_PORT);
  return place === undefined ? [] : [{ ...place, isTls }];
}

/** Without the URI part. That of `unix:/run/app.sock:/uri` begins after the second colon. */
function authorityOf(rest: string): string {
  if (isUnix(rest)) {
    const end = rest.indexOf(":", "unix:".length);
    return end === -1 ? rest : rest.slice(0, end);
  }
  const end = rest.search(/[/?#]/);
  return end === -1 ? rest : rest.slice(0, end);
}

function isUnix(text: string): boolean {
  return /^unix:/i.test(text);
}

function parsePlace(
  text: string,
  defaultPort: number,
): Pick<UpstreamServer, "kind" | "host" | "port"> | undefined {
  if (isUnix(text)) return { kind: "unix", host: text.slice("unix:".length), port: 0 };
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  if (found === null || host === undefined) return undefined;
  return {
    kind: "tcp",
    host: host.toLowerCase(),
    port: found[3] === undefined ? defaultPort : Number(found[3]),
  };
}
