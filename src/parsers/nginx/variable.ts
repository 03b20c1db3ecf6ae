import { remembered } from "../../core/remembered.ts";
import type { BlockPath } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";

/** Values one text may stand for. */
export const VALUES_MAX = 64;
/** Variables defined by variables: `set $a $b; set $b ...`. */
export const REFERENCE_DEPTH_MAX = 8;
/** Variables looked up for one text, each time counted. */
export const LOOKUPS_MAX = 200;

/** Everything a text with variables may become, or the variables that keep it from being told. */
export type ResolvedText =
  | { readonly state: "resolved"; readonly values: readonly string[] }
  | { readonly state: "unresolved"; readonly variables: readonly string[] };

/**
 * Replaces `$name` and `${name}` by what the configuration itself says they are, as seen from the
 * innermost block of `path`.
 *
 * `set` counts where it runs for that block: in the server and in the innermost location, not in
 * locations between; within `if` it may or may not. `map`, `geo` and `split_clients` give each of
 * their values. What a request decides (`$host`, captures) is unresolved.
 */
export function resolveText(text: string, path: BlockPath): ResolvedText {
  return resolveParts(text, { path, chain: [], lookups: { left: LOOKUPS_MAX } });
}

/** Names of the variables in a text, without `$` and braces, in order, repeats kept. */
export function variablesIn(text: string): readonly string[] {
  return splitText(text).flatMap((part) => (part.kind === "variable" ? [part.text] : []));
}

interface Scope {
  readonly path: BlockPath;
  /** Variables being resolved, outermost first. */
  readonly chain: readonly string[];
  /** Shared by everything that is resolved for one text. */
  readonly lookups: { left: number };
}

/** A stretch of text, or a variable by its name. */
export interface TextPart {
  readonly kind: "literal" | "variable";
  readonly text: string;
}

/** Takes a text apart at its variables (`ngx_http_script_compile`). */
export function splitText(text: string): readonly TextPart[] {
  if (text === "") return [];
  if (!text.includes("$")) return [{ kind: "literal", text }];
  const parts: TextPart[] = [];
  let from = 0;
  VARIABLE.lastIndex = 0;
  for (let found = VARIABLE.exec(text); found !== null; found = VARIABLE.exec(text)) {
    if (found.index > from) parts.push({ kind: "literal", text: text.slice(from, found.index) });
    parts.push({ kind: "variable", text: variableName(found[1], found[2]) });
    from = found.index + found[0].length - extraDigits(found[2]);
  }
  if (from < text.length) parts.push({ kind: "literal", text: text.slice(from) });
  return parts;
}

/** Stepped through by hand: nearly every text of a configuration comes by here. */
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

/** A capture has one digit: `$10` is `$1` and a 0 (`ngx_http_script_compile`). */
function variableName(braced: string | undefined, bare: string | undefined): string {
  if (braced !== undefined) return braced;
  return /^\d/.test(bare ?? "") ? (bare ?? "").charAt(0) : (bare ?? "");
}

function extraDigits(bare: string | undefined): number {
  return bare !== undefined && /^\d/.test(bare) ? bare.length - 1 : 0;
}

function resolveParts(text: string, scope: Scope): ResolvedText {
  let values: readonly string[] = [""];
  const unresolved = new Set<string>();
  for (const part of splitText(text)) {
    const options: ResolvedText =
      part.kind === "literal"
        ? { state: "resolved", values: [part.text] }
        : resolveVariable(part.text, scope);
    if (options.state === "unresolved") {
      for (const name of options.variables) unresolved.add(name);
      continue;
    }
    values = values.flatMap((start) => options.values.map((end) => start + end));
    if (values.length > VALUES_MAX) return { state: "unresolved", variables: variablesIn(text) };
  }
  return unresolved.size > 0
    ? { state: "unresolved", variables: [...unresolved] }
    : { state: "resolved", values: [...new Set(values)] };
}

function resolveVariable(name: string, { path, chain, lookups }: Scope): ResolvedText {
  const unresolved: ResolvedText = { state: "unresolved", variables: [name] };
  lookups.left -= 1;
  if (lookups.left < 0 || chain.includes(name) || chain.length >= REFERENCE_DEPTH_MAX) {
    return unresolved;
  }
  const texts = new Set(definedAs(name, path));
  if (texts.size === 0 || texts.size > VALUES_MAX) return unresolved;
  const values = new Set<string>();
  for (const text of texts) {
    const resolved = resolveParts(text, { path, chain: [...chain, name], lookups });
    if (resolved.state === "unresolved") return resolved;
    for (const value of resolved.values) values.add(value);
    if (values.size > VALUES_MAX) return unresolved;
  }
  return { state: "resolved", values: [...values] };
}

/** The texts a variable may be defined as; `undefined` where the configuration does not define it. */
function definedAs(name: string, path: BlockPath): readonly string[] | undefined {
  if (isDefinedElsewhere(name, path)) return undefined;
  return assignedTexts(name, path, tableTexts(`$${name}`, path));
}

/**
 * The texts `set` gives a variable, as seen from the innermost block: those of the blocks that run for it.
 * `undefined` where none sets it.
 */
export function definedTexts(name: string, path: BlockPath): readonly string[] | undefined {
  return assignedTexts(name, path, undefined);
}

function assignedTexts(
  name: string,
  path: BlockPath,
  table: readonly string[] | undefined,
): readonly string[] | undefined {
  return assigningBlocks(path).reduce<readonly string[] | undefined>(
    (before, block) => assign(block.block ?? [], `$${name}`, before),
    table,
  );
}

/** Of the blocks that run those that may assign anything; most places have none. */
const assigningBlocks = remembered(
  (path: BlockPath): BlockPath => runningBlocks(path).filter(mayAssign),
);

const mayAssign = remembered(({ block = [] }: NginxDirective): boolean =>
  block.some(({ name }) => name === "set" || name === "if"),
);

/** An entry of the table that defines a variable, and the text it is looked up by. */
export interface TableEntry {
  readonly key: string;
  readonly value: string;
  readonly source: string;
}

/** The entries of the `map`, `geo` or `split_clients` that defines a variable; `undefined` where none does. */
export function tableOf(name: string, path: BlockPath): readonly TableEntry[] | undefined {
  const table = findTable(`$${name}`, path);
  if (table === undefined) return undefined;
  const source = table.name === "map" ? (table.args[0]?.text ?? "") : "";
  return entriesOf(table).map(({ name: key, args }) => ({
    key,
    value: args[0]?.text ?? "",
    source,
  }));
}

/** Blocks whose rewrite directives run: the server's, the innermost location's, `if`s within it. */
function runningBlocks(path: BlockPath): BlockPath {
  const location = path.findLastIndex(({ name }) => name === "location");
  const server = path.filter(({ name }) => name === "server");
  if (location !== -1) return [...server, ...path.slice(location)];
  return [...server, ...path.filter(({ name }) => name === "if")];
}

/** What the variable may be once these directives ran: a plain `set` replaces, one in an `if` adds. */
function assign(
  directives: readonly NginxDirective[],
  reference: string,
  before: readonly string[] | undefined,
): readonly string[] | undefined {
  let texts = before;
  for (const { name, args, block } of directives) {
    const [variable, value] = args;
    if (name === "set" && variable?.text === reference && value !== undefined) {
      texts = [value.text];
    } else if (name === "if" && block !== undefined) {
      const inside = assign(block, reference, texts);
      // Never set before, it is empty where the condition does not hold.
      if (inside !== texts) texts = [...new Set([...(texts ?? [""]), ...(inside ?? [])])];
    }
  }
  return texts;
}

/** Values of the `map`, `geo` or `split_clients` that defines the variable; none where a file of it could not be read. */
function tableTexts(reference: string, path: BlockPath): readonly string[] | undefined {
  const table = findTable(reference, path);
  if (table === undefined || table.block?.some(({ name }) => name === "include")) return undefined;
  const entries = entriesOf(table);
  const hasDefault = entries.some(({ name }) => name === "default" || name === "*");
  const values = entries.map(({ args }) => args[0]?.text ?? "");
  return hasDefault ? values : [...values, ""];
}

const tables = new WeakMap<NginxDirective, ReadonlyMap<string, NginxDirective>>();

/** Of several the first counts. */
function findTable(reference: string, path: BlockPath): NginxDirective | undefined {
  return path.map((block) => tablesIn(block).get(reference)).find((table) => table !== undefined);
}

/** The tables of a block by the variable they define; gone through once. */
function tablesIn(block: NginxDirective): ReadonlyMap<string, NginxDirective> {
  const known = tables.get(block);
  if (known !== undefined) return known;
  const found = (block.block ?? [])
    .filter(({ name }) => TABLES.has(name))
    .map((table): readonly [string, NginxDirective] => [table.args.at(-1)?.text ?? "", table]);
  const made = new Map(found.toReversed());
  tables.set(block, made);
  return made;
}

function entriesOf({ block = [] }: NginxDirective): readonly NginxDirective[] {
  return block.filter(({ name, args }) => args.length === 1 && !NOT_ENTRIES.has(name));
}

const TABLES: ReadonlySet<string> = new Set(["map", "geo", "split_clients"]);
const NOT_ENTRIES: ReadonlySet<string> = new Set(["proxy", "delete"]);

/** Set by a capture, by a sub-request, by a script: nothing the text of the configuration tells. */
function isDefinedElsewhere(name: string, path: BlockPath): boolean {
  const captures = [`?<${name}>`, `?P<${name}>`, `?'${name}'`];
  return path.some((block) => {
    const { patterns, scripted } = definersIn(block);
    return (
      scripted.has(`$${name}`) ||
      patterns.some((word) => captures.some((capture) => word.includes(capture)))
    );
  });
}

/** What of a block's own words and directives may define variables. */
interface Definers {
  /** Words with named groups. */
  readonly patterns: readonly string[];
  /** Variables of scripts and sub-requests, with their `$`. */
  readonly scripted: ReadonlySet<string>;
}

const definers = new WeakMap<NginxDirective, Definers>();

/** One `http` of thousands of servers is gone through once, not for every text. */
function definersIn(block: NginxDirective): Definers {
  const known = definers.get(block);
  if (known !== undefined) return known;
  const own = block.block ?? [];
  const capturing = [block, ...own.filter(({ name }) => CAPTURING.has(name))];
  const words = capturing.flatMap(({ args }) => args.map(({ text }) => text));
  const setters = own.filter(({ name }) => isScriptSetter(name));
  const made = {
    patterns: words.filter((word) => NAMED_GROUP.test(word)),
    scripted: new Set(setters.flatMap(({ args: [first] }) => first?.text ?? [])),
  };
  definers.set(block, made);
  return made;
}

const NAMED_GROUP = /\?P?<|\?'/;
const CAPTURING: ReadonlySet<string> = new Set(["server_name", "if", "rewrite"]);

/** `auth_request_set`, `perl_set`, `js_set`, `js_var`, `set_by_lua_block` ... but not `set` itself. */
function isScriptSetter(name: string): boolean {
  return name.endsWith("_set") || name.startsWith("set_") || name === "js_var";
}
