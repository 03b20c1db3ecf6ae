import type { NginxDirective } from "./parse.ts";
import type { NginxPosition, NginxProblem } from "./tokenize.ts";

/**
 * One `listen`, one entry per port of a range. Flags are those of this directive alone: nginx takes a
 * socket's `ssl`, `http2`, `quic` and `proxy_protocol` from all directives naming it (see `socketOf`).
 */
export interface NginxListen extends NginxPosition {
  /** `*` and `[::]` for all addresses of a family; IPv6 in brackets, lower-case; `unix:` with its path. */
  readonly address: string;
  /** 0 for a unix socket. */
  readonly port: number;
  /** `name` for a host name, which nginx looks up when it starts. */
  readonly family: "ipv4" | "ipv6" | "unix" | "name";
  readonly isSsl: boolean;
  readonly isHttp2: boolean;
  readonly isQuic: boolean;
  readonly isDefaultServer: boolean;
  readonly isProxyProtocol: boolean;
  /** Of `[::]` only: false when it answers IPv4 too (nginx 1.3.4 and later: on unless said otherwise). */
  readonly isIpv6Only: boolean;
  /** Datagrams of a `stream` server. */
  readonly isUdp: boolean;
  /** True for the `*:80` nginx makes up for a server without `listen`; the position is the server's. */
  readonly isImplied: boolean;
}

/** What a server without `listen` gets: `*:80`, or `*:8000` where nginx is not started by root. */
export function impliedListen({ file, line, column }: NginxPosition): NginxListen {
  return {
    ...PLAIN,
    address: "*",
    port: DEFAULT_PORT,
    family: "ipv4",
    isImplied: true,
    file,
    line,
    column,
  };
}

const DEFAULT_PORT = 80;
const PORT_MAX = 65_535;
/** Ports taken of one range; nginx itself would open them all. */
export const RANGE_MAX = 1_024;

const PLAIN = {
  isSsl: false,
  isHttp2: false,
  isQuic: false,
  isDefaultServer: false,
  isProxyProtocol: false,
  isIpv6Only: true,
  isUdp: false,
  isImplied: false,
} as const;

/**
 * Reads a `listen` (`ngx_http_core_listen`, `ngx_parse_url`). One entry per port of a range, up to
 * `RANGE_MAX`; none where the address is invalid. Unknown parameters are problems, the rest counts.
 */
export function parseListen(directive: NginxDirective): ParsedListen {
  const known = parsed.get(directive) ?? readListen(directive);
  parsed.set(directive, known);
  return known;
}

interface ParsedListen {
  readonly listens: readonly NginxListen[];
  readonly problems: readonly NginxProblem[];
}

/** Servers are made of the same tree for routes, for TLS and for the rules. */
const parsed = new WeakMap<NginxDirective, ParsedListen>();

function readListen(directive: NginxDirective): ParsedListen {
  const { file, line, column, args } = directive;
  const [address, ...parameters] = args;
  const place = address === undefined ? undefined : parseAddress(address.text);
  if (place === undefined) {
    const message = `"listen" has no valid address or port: ${shortened(address?.text ?? "")}`;
    return { listens: [], problems: [{ kind: "value", message, file, line, column }] };
  }
  const names = parameters.map(({ text }) => text);
  const flags = {
    isSsl: names.includes("ssl"),
    isHttp2: names.includes("http2"),
    isQuic: names.includes("quic"),
    isDefaultServer: names.includes("default_server") || names.includes("default"),
    isProxyProtocol: names.includes("proxy_protocol"),
    isIpv6Only: !names.includes("ipv6only=off"),
    isUdp: names.includes("udp"),
    isImplied: false,
  };
  const problems = parameters
    .filter(({ text }) => !isKnownParameter(text))
    .map(
      (word): NginxProblem => ({
        kind: "value",
        message: `Unknown parameter of "listen": ${shortened(word.text)}`,
        file: word.file,
        line: word.line,
        column: word.column,
      }),
    );
  const { ports, ...socket } = place;
  const listens = ports.map((port) => ({ ...socket, port, ...flags, file, line, column }));
  return { listens, problems };
}

const FLAGS: ReadonlySet<string> = new Set([
  "default_server",
  "default",
  "ssl",
  "http2",
  "http3",
  "quic",
  "spdy",
  "proxy_protocol",
  "bind",
  "deferred",
  "reuseport",
  "multipath",
  "udp",
]);
const VALUED = /^(?:setfib|fastopen|backlog|rcvbuf|sndbuf|accept_filter|ipv6only|so_keepalive)=/;

function isKnownParameter(text: string): boolean {
  return FLAGS.has(text) || VALUED.test(text);
}

interface Place {
  readonly address: string;
  readonly family: NginxListen["family"];
  readonly ports: readonly number[];
}

function parseAddress(text: string): Place | undefined {
  if (/^unix:/i.test(text)) {
    const path = text.slice("unix:".length);
    return path === "" ? undefined : { address: `unix:${path}`, family: "unix", ports: [0] };
  }
  if (text.startsWith("[")) {
    const found = /^\[([0-9a-f:.]{2,45})\](?::(.+))?$/i.exec(text);
    const ports = found === null ? undefined : parsePorts(found[2]);
    const address = normalIpv6(found?.[1] ?? "");
    return ports === undefined || address === undefined
      ? undefined
      : { address: `[${address}]`, family: "ipv6", ports };
  }
  return parseIpv4OrName(text);
}

function parseIpv4OrName(text: string): Place | undefined {
  const colon = text.indexOf(":");
  const host = colon === -1 ? text : text.slice(0, colon);
  if (/^\d+(?:-\d+)?$/.test(text)) {
    const bare = parsePorts(text);
    return bare === undefined ? undefined : { address: "*", family: "ipv4", ports: bare };
  }
  const ports = parsePorts(colon === -1 ? undefined : text.slice(colon + 1));
  if (ports === undefined || host === "") return undefined;
  if (host === "*" || host === "0.0.0.0") return { address: "*", family: "ipv4", ports };
  return { address: host.toLowerCase(), family: isIpv4(host) ? "ipv4" : "name", ports };
}

/** `80`, or `8000-8010` (nginx 1.15.10); the default where there is none. */
function parsePorts(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return [DEFAULT_PORT];
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (found === null) return undefined;
  const first = Number(found[1]);
  const last = found[2] === undefined ? first : Number(found[2]);
  if (first < 1 || last > PORT_MAX || last < first) return undefined;
  const count = Math.min(last - first + 1, RANGE_MAX);
  return Array.from({ length: count }, (_, index) => first + index);
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** Shortest form as RFC 5952 has it, so that equal addresses are equal texts; `undefined` if none. */
export function normalIpv6(text: string): string | undefined {
  // What nearly every file has; `URL` takes a while.
  if (text === "::" || text === "::1") return text;
  const url = URL.parse(`http://[${text}]/`);
  return url === null ? undefined : url.hostname.slice(1, -1);
}

const VALUE_LENGTH_MAX = 60;

function shortened(text: string): string {
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}…`;
}
