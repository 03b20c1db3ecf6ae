import { type BlockPath, findDirectives } from "../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../parsers/nginx/parse.ts";
import type { Upstream } from "./proxy-routes.fact.ts";
import {
  isTlsScheme,
  targetOf,
  type UpstreamTarget,
  uniqueUpstreams,
  unresolvedUpstream,
  upstreamOf,
} from "./proxy-upstream.ts";

/** Directives that hand a request on, with the scheme where the target has none. */
export const PASS_DIRECTIVES = {
  proxy_pass: "http",
  grpc_pass: "grpc",
  uwsgi_pass: "uwsgi",
  fastcgi_pass: "fcgi",
  scgi_pass: "scgi",
} as const;

/** Variables within variables, and values one target may have. */
const VARIABLE_DEPTH_MAX = 8;
const VALUES_MAX = 64;
const TARGET_CHARACTERS_MAX = 4_096;

/** `upstream` blocks and the values variables can have, over one configuration. */
export interface NginxNames {
  readonly upstreams: ReadonlyMap<string, NginxDirective>;
  /** By name without `$`: every value a `map`, `geo` or `split_clients` may give. */
  readonly mapped: ReadonlyMap<string, readonly string[]>;
}

/** `path` is that of the `http` (or `stream`) block. */
export function namesOf(path: BlockPath): NginxNames {
  const upstreams = new Map<string, NginxDirective>();
  const mapped = new Map<string, readonly string[]>();
  for (const directive of path.at(-1)?.block ?? []) {
    const [name] = directive.args;
    if (directive.name === "upstream" && name !== undefined) upstreams.set(name.text, directive);
    const variable = mappedVariable(directive);
    if (variable === undefined) continue;
    const values = (directive.block ?? []).flatMap((entry) => entry.args.at(-1)?.text ?? []);
    mapped.set(variable, [...(mapped.get(variable) ?? []), ...values].slice(0, VALUES_MAX));
  }
  return { upstreams, mapped };
}

/** The variable a `map`, `geo` or `split_clients` gives; `geo $variable` looks at the client. */
function mappedVariable({ name, args }: NginxDirective): string | undefined {
  if (name !== "map" && name !== "geo" && name !== "split_clients") return undefined;
  const variable = name === "geo" && args.length === 1 ? args[0] : args[1];
  return variable?.text.replace(/^\$/, "");
}

/** Every address a pass directive may lead to; `path` is that of the block it stands in. */
export function nginxUpstreams(
  pass: NginxDirective,
  path: BlockPath,
  names: NginxNames,
): readonly Upstream[] {
  const text = pass.args[0]?.text ?? "";
  const scheme = PASS_DIRECTIVES[pass.name as keyof typeof PASS_DIRECTIVES] ?? "tcp";
  const sets = text.includes("$") ? setValues(path) : new Map<string, readonly string[]>();
  const upstreams = expandValues(text, names, sets, 0).flatMap((value) =>
    resolved(value, scheme, names),
  );
  return uniqueUpstreams(upstreams);
}

/** Values of `set` in the server around, wherever it stands in it: order and `if` are not followed. */
function setValues(path: BlockPath): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  const server = path.findIndex(({ name }) => name === "server");
  const around = path.slice(0, server === -1 ? path.length : server + 1);
  for (const { directive } of findDirectives(around, "set")) {
    const [variable, value] = directive.args;
    if (variable === undefined || value === undefined) continue;
    const key = variable.text.replace(/^\$/, "");
    const known = values.get(key) ?? [];
    if (known.length < VALUES_MAX && !known.includes(value.text))
      values.set(key, [...known, value.text]);
  }
  return values;
}

function expandValues(
  text: string,
  names: NginxNames,
  sets: ReadonlyMap<string, readonly string[]>,
  depth: number,
): readonly string[] {
  const found = [...text.matchAll(/\$\{?([A-Za-z0-9_]+)\}?/g)]
    .map((match) => ({
      match,
      values: sets.get(match[1] ?? "") ?? names.mapped.get(match[1] ?? ""),
    }))
    .find(({ values }) => values !== undefined);
  if (found?.values === undefined || depth >= VARIABLE_DEPTH_MAX) return [text];
  const before = text.slice(0, found.match.index);
  const after = text.slice(found.match.index + found.match[0].length);
  const results: string[] = [];
  for (const value of found.values) {
    if (results.length >= VALUES_MAX) break;
    const next = `${before}${value}${after}`.slice(0, TARGET_CHARACTERS_MAX);
    results.push(...expandValues(next, names, sets, depth + 1));
  }
  return results.slice(0, VALUES_MAX);
}

/** Variables that begin with `/` or `?`, or are empty: what stands before them is the authority. */
const PATH_VARIABLE =
  /\$(?:(?:request_uri|document_uri|uri|is_args)\b|\{(?:request_uri|document_uri|uri|is_args)\})/;

function resolved(value: string, scheme: string, names: NginxNames): readonly Upstream[] {
  const path = value.search(PATH_VARIABLE);
  const written = targetOf(path === -1 ? value : value.slice(0, path));
  const target = written.scheme === "" ? { ...written, scheme } : written;
  const upstream = names.upstreams.get(target.authority);
  if (upstream !== undefined) return serversOf(upstream, target);
  if (target.authority === "") return [unresolvedUpstream(value)];
  return [upstreamOf(target, isTlsScheme(target.scheme) ? 443 : 80)];
}

/** Servers of an `upstream` block; one without a port has 80 (ngx_http_upstream_module). */
function serversOf(upstream: NginxDirective, { scheme }: UpstreamTarget): readonly Upstream[] {
  return (upstream.block ?? [])
    .filter(({ name, args }) => name === "server" && !args.some(({ text }) => text === "down"))
    .map(({ args }) => {
      const { authority } = targetOf(args[0]?.text ?? "");
      return upstreamOf({ scheme, authority }, 80);
    });
}
