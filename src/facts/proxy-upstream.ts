import type { Upstream } from "./proxy-routes.fact.ts";

/** Schemes that speak TLS to the upstream. */
const TLS_SCHEMES = new Set(["https", "grpcs", "suwsgi", "wss", "tls", "h2", "fcgis"]);
/** A port range or template stands for at most this many upstreams. */
const RANGE_MAX = 64;
const TEXT_CHARACTERS_MAX = 200;

/** A target taken apart, before any name in it is looked up. */
export interface UpstreamTarget {
  readonly scheme: string;
  /** Host and port as written, or `unix:/path`. */
  readonly authority: string;
}

/** `http://host:8000/path` -> scheme `http`, authority `host:8000`; `unix:/run/x.sock:/uri` as well. */
export function targetOf(text: string): UpstreamTarget {
  const scheme = /^([a-z][a-z0-9+.-]{0,31}):\/\//i.exec(text);
  const rest = scheme === null ? text : text.slice(scheme[0].length);
  const name = scheme?.[1]?.toLowerCase() ?? "";
  if (/^unix:/i.test(rest)) {
    const path = rest.slice("unix:".length);
    const colon = path.indexOf(":");
    return { scheme: name, authority: `unix:${colon === -1 ? path : path.slice(0, colon)}` };
  }
  const slash = rest.search(/[/?#]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  return { scheme: name, authority: authority.slice(authority.lastIndexOf("@") + 1) };
}

/** Text that leads somewhere, but where is not known; userinfo is left out (catalog G6). */
export function unresolvedUpstream(text: string): Upstream {
  const host = text.slice(0, TEXT_CHARACTERS_MAX).replace(/[^\s/@]{1,200}@/, "");
  return { kind: "unresolved", host, port: 0, isTls: false };
}

export function unixUpstream(path: string, isTls = false): Upstream {
  return { kind: "unix", host: path, port: 0, isTls };
}

/** Whether a scheme means TLS towards the upstream. */
export function isTlsScheme(scheme: string): boolean {
  return TLS_SCHEMES.has(scheme.toLowerCase());
}

/** The upstream of a target whose host is a name or address; the scheme gives the default port. */
export function upstreamOf({ scheme, authority }: UpstreamTarget, defaultPort?: number): Upstream {
  const isTls = isTlsScheme(scheme);
  if (authority.startsWith("unix:")) return unixUpstream(authority.slice("unix:".length), isTls);
  if (/[${}*\\]/.test(authority)) return unresolvedUpstream(authority);
  const { host, port } = splitHostPort(authority);
  const number = port === "" ? (defaultPort ?? (isTls ? 443 : 80)) : Number(port);
  if (!Number.isInteger(number) || number > 65_535) return unresolvedUpstream(authority);
  return { kind: "tcp", host: host === "" ? "localhost" : host, port: number, isTls };
}

/** As `upstreamOf`, with a port range `host:8001-8003` giving one upstream per port. */
export function upstreamsOf(target: UpstreamTarget): readonly Upstream[] {
  const range = /^(.*):(\d{1,5})-(\d{1,5})$/.exec(target.authority);
  if (range === null) return [upstreamOf(target)];
  const [, host = "", from = "", to = ""] = range;
  const count = Math.min(Number(to) - Number(from) + 1, RANGE_MAX);
  return Array.from({ length: Math.max(count, 0) }, (_, index) =>
    upstreamOf({ ...target, authority: `${host}:${Number(from) + index}` }),
  );
}

/** `[::1]:80`, `host:80`, `:80`, `host`, `::1`. */
export function splitHostPort(text: string): { readonly host: string; readonly port: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? "", port: bracketed[2] ?? "" };
  const colon = text.lastIndexOf(":");
  if (colon === -1 || text.indexOf(":") !== colon) return { host: text, port: "" };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Upstreams without repeats, in order. */
export function uniqueUpstreams(upstreams: readonly Upstream[]): readonly Upstream[] {
  const seen = new Set<string>();
  return upstreams.filter((upstream) => {
    const key = `${upstream.kind} ${upstream.host} ${upstream.port} ${upstream.isTls}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
