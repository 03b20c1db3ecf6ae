import { remembered } from "../../core/remembered.ts";
import {
  type BlockPath,
  effectiveScalar,
  findDirectives,
  ownDirectives,
  pathInto,
} from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";
import { matchPcre, type PcreBudget, SELECTION_STEPS_MAX } from "./pcre.ts";
import { normalizeUri } from "./request-uri.ts";
import type { NginxServer, NginxSocket } from "./server.ts";
import type { NginxProblem } from "./tokenize.ts";

/**
 * One `location`. `kind` is its modifier: `=`, none, `^~`, `~`, `~*`, `@`.
 * `value` is the path, the pattern or the name with its `@`.
 */
export interface NginxLocation {
  readonly kind: "exact" | "prefix" | "prefix-no-regex" | "regex" | "regex-caseless" | "named";
  readonly value: string;
  readonly directive: NginxDirective;
}

export type LocationSelection =
  /** The path ends in this location, nested ones included. */
  | {
      readonly state: "selected";
      readonly path: BlockPath;
      readonly location: NginxLocation;
      /** `internal` holds here: nginx answers 404 to a request from outside. */
      readonly isInternal: boolean;
    }
  /** No location fits: the server block itself serves it. The path ends in the server. */
  | { readonly state: "server"; readonly path: BlockPath }
  /** `/dir` is answered 301 to `/dir/`, because only `location /dir/` with a `proxy_pass` or its like fits. */
  | { readonly state: "slash-redirect"; readonly path: BlockPath; readonly location: NginxLocation }
  /** nginx answers 400. */
  | { readonly state: "bad-request"; readonly because: string }
  /** A pattern that cannot be evaluated decides: one of these paths it is. */
  | {
      readonly state: "undecidable";
      readonly because: string;
      readonly candidates: readonly BlockPath[];
    };

/**
 * Which location of a server takes a request target (path with or without query, as sent).
 *
 * As `ngx_http_core_find_location`: `=`; the longest prefix, then those nested in it; patterns in file
 * order unless that prefix has `^~`, then those nested in the pattern's. What `rewrite`, `return` and
 * `if` of the server do before that is not looked at.
 *
 * `socket` is where the request came in: on one without TLS it is the default server's
 * `merge_slashes` that counts, because the name is not known yet when the target is parsed.
 */
export function selectLocation(
  server: NginxServer,
  target: string,
  socket?: NginxSocket,
): LocationSelection {
  const parsedBy = socket === undefined || socket.isSsl ? server : socket.defaultServer;
  const mergesSlashes = effectiveScalar(parsedBy.path, "merge_slashes")?.args[0]?.text !== "off";
  const uri = normalizeUri(target, mergesSlashes);
  if (uri.state === "invalid") return { state: "bad-request", because: uri.because };
  return locateUri(server, uri.path, { left: SELECTION_STEPS_MAX });
}

/** As `selectLocation`, for a path as nginx has it by then: normalised once, perhaps rewritten since. */
export function locateUri(
  server: NginxServer,
  uri: string,
  budget: PcreBudget,
): Exclude<LocationSelection, { readonly state: "bad-request" }> {
  const found = findLocation(server.path, uri, budget);
  const [first] = found.undecided;
  if (first === undefined) return finished(server.path, found.result);
  const because = `The location pattern ${first.pattern} cannot be evaluated`;
  const candidates = [
    ...found.undecided.map(({ path }) => path),
    found.result.kind === "none" ? server.path : found.result.path,
  ];
  return { state: "undecidable", because, candidates };
}

/** A named location (`@app`), which only `error_page`, `try_files` and the like lead to. */
export function namedLocation(server: NginxServer, name: string): BlockPath | undefined {
  const found = locationsIn(server.path).find(
    ({ kind, value }) => kind === "named" && value === name,
  );
  return found === undefined ? undefined : pathInto(server.path, found.directive);
}

/** The locations of the innermost block itself, in file order. */
export function locationsIn(path: BlockPath): readonly NginxLocation[] {
  return ownDirectives(path, "location").flatMap((directive) => {
    const location = parseLocation(directive);
    return location === undefined ? [] : [location];
  });
}

/** Reads the arguments of a `location`; the modifier may be glued to the path (`location ~*\.php$`). */
export const parseLocation = remembered((directive: NginxDirective): NginxLocation | undefined => {
  const [first, second, third] = directive.args.map(({ text }) => text);
  if (first === undefined || directive.block === undefined || third !== undefined) return undefined;
  if (second !== undefined) {
    const kind = MODIFIERS.get(first);
    return kind === undefined ? undefined : { kind, value: second, directive };
  }
  if (first.startsWith("@")) return { kind: "named", value: first, directive };
  for (const [modifier, kind] of MODIFIERS) {
    if (first.startsWith(modifier)) return { kind, value: first.slice(modifier.length), directive };
  }
  return { kind: "prefix", value: first, directive };
});

/** The `location` directives at and below this block whose arguments nginx refuses. */
export function locationProblems(path: BlockPath): readonly NginxProblem[] {
  return findDirectives(path, "location")
    .filter(({ directive }) => parseLocation(directive) === undefined)
    .map(({ directive: { file, line, column } }) => {
      const message = '"location" takes a path, a modifier before it, and a block';
      return { kind: "value", message, file, line, column };
    });
}

/** Longer ones first: `~*` begins with `~`. */
const MODIFIERS: ReadonlyMap<string, NginxLocation["kind"]> = new Map([
  ["=", "exact"],
  ["^~", "prefix-no-regex"],
  ["~*", "regex-caseless"],
  ["~", "regex"],
]);

type Result =
  | { readonly kind: "none" }
  /** A prefix: patterns further out may still win. */
  | { readonly kind: "prefix"; readonly path: BlockPath; readonly location: NginxLocation }
  | { readonly kind: "final"; readonly path: BlockPath; readonly location: NginxLocation }
  | { readonly kind: "slash"; readonly path: BlockPath; readonly location: NginxLocation };

interface Found {
  readonly result: Result;
  /** Patterns that come before the result and cannot be evaluated. */
  readonly undecided: readonly { readonly pattern: string; readonly path: BlockPath }[];
}

function findLocation(path: BlockPath, uri: string, budget: PcreBudget): Found {
  const locations = locationsIn(path);
  const fixed = findFixed(path, locations, uri);
  if (fixed.kind !== "prefix") {
    return fixed.kind === "none"
      ? findPattern(path, locations, uri, { result: fixed, undecided: [] }, budget)
      : { result: fixed, undecided: [] };
  }
  const nested = findLocation(fixed.path, uri, budget);
  const inner: Found = nested.result.kind === "none" ? { ...nested, result: fixed } : nested;
  if (inner.result.kind !== "prefix" || fixed.location.kind === "prefix-no-regex") return inner;
  return findPattern(path, locations, uri, inner, budget);
}

/** The exact location, else the longest prefix: `ngx_http_core_find_static_location`. */
function findFixed(path: BlockPath, locations: readonly NginxLocation[], uri: string): Result {
  const at = (kind: Exclude<Result["kind"], "none">, location: NginxLocation): Result => ({
    kind,
    path: pathInto(path, location.directive),
    location,
  });
  const exact = locations.find(({ kind, value }) => kind === "exact" && value === uri);
  if (exact !== undefined) return at("final", exact);
  const prefixes = locations.filter(isPrefix);
  const longest = prefixes
    .filter(({ value }) => uri.startsWith(value))
    .reduce<NginxLocation | undefined>(
      (best, location) => (best && best.value.length >= location.value.length ? best : location),
      undefined,
    );
  if (longest?.value === uri) return at("prefix", longest);
  const slashed = slashLocation(locations, uri);
  if (slashed !== undefined) return at("slash", slashed);
  return longest === undefined ? { kind: "none" } : at("prefix", longest);
}

/**
 * The location of this path and a slash, where one hands requests on. Of `= /a/` and `/a/` the values
 * of the former count, whichever hands on (`ngx_http_core_find_static_location`).
 */
function slashLocation(
  locations: readonly NginxLocation[],
  uri: string,
): NginxLocation | undefined {
  const same = locations.filter(
    (location) => (isPrefix(location) || location.kind === "exact") && location.value === `${uri}/`,
  );
  if (!same.some(({ directive }) => hasPass(directive))) return undefined;
  return same.find(({ kind }) => kind === "exact") ?? same[0];
}

function isPrefix({ kind }: NginxLocation): boolean {
  return kind === "prefix" || kind === "prefix-no-regex";
}

const PASSES: readonly string[] = [
  "proxy_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "memcached_pass",
  "grpc_pass",
];

/** Whether the location itself hands requests on: such a one redirects `/dir` to `/dir/`. */
function hasPass({ block }: NginxDirective): boolean {
  return block?.some(({ name }) => PASSES.includes(name)) ?? false;
}

/** The first pattern in file order that matches; what was found before where none does. */
function findPattern(
  path: BlockPath,
  locations: readonly NginxLocation[],
  uri: string,
  before: Found,
  budget: PcreBudget,
): Found {
  const undecided = [...before.undecided];
  for (const location of locations) {
    if (location.kind !== "regex" && location.kind !== "regex-caseless") continue;
    const matches = matchPcre(location.value, location.kind === "regex-caseless", uri, budget);
    if (matches === "no") continue;
    const own = pathInto(path, location.directive);
    const nested = findLocation(own, uri, budget);
    const result: Result =
      nested.result.kind === "none" ? { kind: "final", path: own, location } : nested.result;
    undecided.push(...nested.undecided);
    if (matches === "match") return { result: settled(result), undecided };
    undecided.push({ pattern: location.value, path: resultPath(result, own) });
  }
  return { result: before.result, undecided };
}

/** Below a matching pattern nothing further out is looked at any more. */
function settled(result: Result): Result {
  return result.kind === "none" ? result : { ...result, kind: "final" };
}

function resultPath(result: Result, otherwise: BlockPath): BlockPath {
  return result.kind === "none" ? otherwise : result.path;
}

function finished(
  serverPath: BlockPath,
  result: Result,
): Exclude<LocationSelection, { readonly state: "bad-request" | "undecidable" }> {
  switch (result.kind) {
    case "none":
      return { state: "server", path: serverPath };
    case "slash":
      return { state: "slash-redirect", path: result.path, location: result.location };
    case "prefix":
    case "final": {
      const isInternal = effectiveScalar(result.path, "internal") !== undefined;
      return { state: "selected", path: result.path, location: result.location, isInternal };
    }
  }
}
