import type { NginxDirective } from "./parse.ts";

/**
 * A block with the blocks around it, outermost first: `[main, http, server, location, if]`.
 * The first is made up (`main`, the file itself); of a file without `http { }` the second is too.
 */
export type BlockPath = readonly NginxDirective[];

/** Directives of these names in the innermost block itself: for what is not inherited (`return`, `proxy_pass`, `set`). */
export function ownDirectives(
  path: BlockPath,
  ...names: readonly string[]
): readonly NginxDirective[] {
  return inBlock(path.at(-1), names);
}

/**
 * The directive that counts where the innermost one wins: `client_max_body_size`, `ssl_protocols`,
 * `server_tokens`, `gzip_types` ... Several names are rivals for one setting: `root`, `alias`.
 */
export function effectiveScalar(
  path: BlockPath,
  ...names: readonly string[]
): NginxDirective | undefined {
  return path
    .map((block) => inBlock(block, names).at(-1))
    .findLast((directive) => directive !== undefined);
}

/**
 * The directives that count where any at an inner level replaces all of the outer levels:
 * `add_header`, `proxy_set_header`, `fastcgi_param`, `limit_req`, `limit_conn`, `error_page`,
 * `access_log`, `error_log`, `set_real_ip_from`, `index`, `sub_filter` ...
 * Names that share one list are given together: `allow`, `deny`.
 *
 * Two exceptions are honoured. `add_header` and `add_trailer` follow `add_header_inherit` and
 * `add_trailer_inherit` (nginx 1.29.3: `on`, `off`, `merge`), and the headers-more module's
 * directives (`more_set_headers` ...) add up. Order is that in which nginx applies them.
 */
export function effectiveList(
  path: BlockPath,
  ...names: readonly string[]
): readonly NginxDirective[] {
  let list: readonly NginxDirective[] = [];
  for (const [depth, block] of path.entries()) {
    const own = inBlock(block, names);
    const rule = inheritRule(path.slice(0, depth + 1), names);
    list = joined(list, own, rule);
  }
  return list;
}

type InheritRule = "on" | "off" | "merge" | "outer-first";

const INHERIT_DIRECTIVES: Readonly<Record<string, string>> = {
  add_header: "add_header_inherit",
  add_trailer: "add_trailer_inherit",
};

function inheritRule(path: BlockPath, names: readonly string[]): InheritRule {
  if (names.some((name) => name.startsWith("more_"))) return "outer-first";
  const directive = names
    .map((name) => INHERIT_DIRECTIVES[name])
    .find((name) => name !== undefined);
  if (directive === undefined) return "on";
  const value = effectiveScalar(path, directive)?.args[0]?.text;
  return value === "off" || value === "merge" ? value : "on";
}

function joined(
  outer: readonly NginxDirective[],
  own: readonly NginxDirective[],
  rule: InheritRule,
): readonly NginxDirective[] {
  switch (rule) {
    case "off":
      return own;
    case "merge":
      return [...own, ...outer];
    case "outer-first":
      return [...outer, ...own];
    case "on":
      return own.length > 0 ? own : outer;
  }
}

/** A block's directives by name, each with its place: a block of 5,000 servers is gone through once, not for every question. */
type BlockIndex = ReadonlyMap<string, readonly Numbered[]>;
interface Numbered {
  readonly at: number;
  readonly directive: NginxDirective;
}
const indexes = new WeakMap<NginxDirective, BlockIndex>();

function inBlock(
  block: NginxDirective | undefined,
  names: readonly string[],
): readonly NginxDirective[] {
  if (block?.block === undefined) return [];
  const index = indexes.get(block) ?? indexOf(block, block.block);
  const found = [...new Set(names)].flatMap((name) => index.get(name) ?? []);
  return (names.length === 1 ? found : found.sort((a, b) => a.at - b.at)).map(
    ({ directive }) => directive,
  );
}

function indexOf(owner: NginxDirective, directives: readonly NginxDirective[]): BlockIndex {
  const numbered = directives.map((directive, at) => ({ at, directive }));
  const index = Map.groupBy(numbered, ({ directive }) => directive.name);
  indexes.set(owner, index);
  return index;
}

/** A directive with the blocks it stands in. */
export interface PlacedDirective {
  readonly directive: NginxDirective;
  /** Of the block that holds it. */
  readonly path: BlockPath;
}

/** Blocks whose entries are keys and values, not directives. */
const DATA_BLOCKS: ReadonlySet<string> = new Set([
  "map",
  "geo",
  "types",
  "split_clients",
  "charset_map",
  "geoip2",
  "match",
]);

/**
 * Every directive of these names in the innermost block and below it, in file order.
 * Depth is bounded by the parser (`BLOCK_DEPTH_MAX`).
 */
export function findDirectives(
  path: BlockPath,
  ...names: readonly string[]
): readonly PlacedDirective[] {
  const block = path.at(-1);
  if (block === undefined || DATA_BLOCKS.has(block.name)) return [];
  return (block.block ?? []).flatMap((directive) => [
    ...(names.includes(directive.name) ? [{ directive, path }] : []),
    ...(directive.block === undefined ? [] : findDirectives([...path, directive], ...names)),
  ]);
}
