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
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const own = inBlock(path[depth], names).at(-1);
    if (own !== undefined) return own;
  }
  return undefined;
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
  const switches = names.some((name) => Object.hasOwn(INHERIT_DIRECTIVES, name))
    ? names.flatMap((name) => INHERIT_DIRECTIVES[name] ?? [])
    : NO_SWITCHES;
  const isAdding = names.some((name) => name.startsWith("more_"));
  if (switches === NO_SWITCHES && !isAdding) return innermost(path, names);
  let list = NONE;
  let rule: InheritRule = isAdding ? "outer-first" : "on";
  for (const block of path) {
    const said = switches.length === 0 ? undefined : inBlock(block, switches).at(-1);
    if (said !== undefined) rule = inheritRule(said);
    list = joined(list, inBlock(block, names), rule);
  }
  return list;
}

const NO_SWITCHES: readonly string[] = [];

/** Of the innermost level that has any. */
function innermost(path: BlockPath, names: readonly string[]): readonly NginxDirective[] {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const own = inBlock(path[depth], names);
    if (own.length > 0) return own;
  }
  return NONE;
}

type InheritRule = "on" | "off" | "merge" | "outer-first";

const INHERIT_DIRECTIVES: Readonly<Record<string, string>> = {
  add_header: "add_header_inherit",
  add_trailer: "add_trailer_inherit",
};

function inheritRule({ args }: NginxDirective): InheritRule {
  const value = args[0]?.text;
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

type BlockIndex = ReadonlyMap<string, readonly NginxDirective[]>;
/** A block's directives by name: one of 5,000 servers is gone through once, not for every question. */
const indexes = new WeakMap<NginxDirective, BlockIndex>();
const NONE: readonly NginxDirective[] = [];
/** Smaller blocks are gone through each time, which takes less than an index of them. */
const INDEXED_MIN = 32;

function inBlock(
  block: NginxDirective | undefined,
  names: readonly string[],
): readonly NginxDirective[] {
  if (block?.block === undefined) return NONE;
  if (block.block.length < INDEXED_MIN) return named(block.block, names);
  const index = indexes.get(block) ?? indexOf(block, block.block);
  const [first = NONE, ...others] = names.flatMap((name) => {
    const found = index.get(name);
    return found === undefined ? [] : [found];
  });
  return others.length === 0 ? first : named(block.block, names);
}

/** Every rule asks this of every block: most have nothing of the name, and no list is made for those. */
function named(
  directives: readonly NginxDirective[],
  names: readonly string[],
): readonly NginxDirective[] {
  let found: NginxDirective[] | undefined;
  const only = names.length === 1 ? names[0] : undefined;
  for (const directive of directives) {
    const { name } = directive;
    if (only === undefined ? !names.includes(name) : name !== only) continue;
    if (found === undefined) found = [directive];
    else found.push(directive);
  }
  return found ?? NONE;
}

function indexOf(owner: NginxDirective, directives: readonly NginxDirective[]): BlockIndex {
  const index = Map.groupBy(directives, ({ name }) => name);
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
  const found: PlacedDirective[] = [];
  addPlaced(found, path, names);
  return found;
}

function addPlaced(found: PlacedDirective[], path: BlockPath, names: readonly string[]): void {
  const block = path.at(-1);
  if (block?.block === undefined || DATA_BLOCKS.has(block.name)) return;
  for (const directive of block.block) {
    if (names.includes(directive.name)) found.push({ directive, path });
    if (directive.block !== undefined) addPlaced(found, pathInto(path, directive), names);
  }
}

/** The last path into each block: rules walk the same trees, and need not make the paths anew. */
const paths = new WeakMap<NginxDirective, BlockPath>();

/** The path and one block more. The same array where the same was asked before, mostly. */
export function pathInto(path: BlockPath, block: NginxDirective): BlockPath {
  const known = paths.get(block);
  if (known !== undefined && isWithOneMore(known, path)) return known;
  const made = [...path, block];
  paths.set(block, made);
  outers.set(made, path);
  return made;
}

const outers = new WeakMap<BlockPath, BlockPath>();

/** The outermost `length` blocks of a path; for one path the same array each time. */
export function outerPath(path: BlockPath, length: number): BlockPath {
  let outer = path;
  while (outer.length > length) {
    const next = outers.get(outer) ?? outer.slice(0, -1);
    outers.set(outer, next);
    outer = next;
  }
  return outer;
}

function isWithOneMore(longer: BlockPath, path: BlockPath): boolean {
  if (longer.length !== path.length + 1) return false;
  for (let at = path.length - 1; at >= 0; at -= 1) if (longer[at] !== path[at]) return false;
  return true;
}
