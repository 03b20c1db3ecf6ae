import { captureNames } from "./answer-pattern.ts";
import type { BlockPath } from "./inherit.ts";

import type { NginxDirective } from "./parse.ts";
import { variablesIn } from "./variable.ts";

/** Variables an `http { }` defines, by name without `$`. */
export interface SiteVariables {
  /** `map`, `geo`, `split_clients`; of several the last counts. */
  readonly tables: ReadonlyMap<string, NginxDirective>;
  /** Set by `set` or a named capture: empty until that runs. */
  readonly assigned: ReadonlySet<string>;
  /** Set by a directive of a module this engine does not run, or an `auth_request_set`. */
  readonly foreign: ReadonlyMap<string, NginxDirective>;
}

const known = new WeakMap<NginxDirective, SiteVariables>();

/** Collected once per `http { }`. */
export function siteVariables(path: BlockPath): SiteVariables {
  const http = path[1] ?? path[0];
  if (http === undefined) return { tables: new Map(), assigned: new Set(), foreign: new Map() };
  const before = known.get(http);
  if (before !== undefined) return before;
  const collected = {
    tables: new Map<string, NginxDirective>(),
    assigned: new Set<string>(),
    foreign: new Map<string, NginxDirective>(),
  };
  collect(http, collected);
  known.set(http, collected);
  return collected;
}

const TABLES: ReadonlySet<string> = new Set(["map", "geo", "split_clients"]);
const PATTERNED: ReadonlySet<string> = new Set(["server_name", "location", "if", "rewrite"]);

interface Collected {
  readonly tables: Map<string, NginxDirective>;
  readonly assigned: Set<string>;
  readonly foreign: Map<string, NginxDirective>;
}

function collect(block: NginxDirective, into: Collected): void {
  for (const directive of block.block ?? []) {
    if (TABLES.has(directive.name)) collectTable(directive, into);
    else {
      collectOne(directive, into);
      if (directive.block !== undefined) collect(directive, into);
    }
  }
}

function collectTable(table: NginxDirective, { tables, assigned }: Collected): void {
  tables.set((table.args.at(-1)?.text ?? "").slice(1), table);
  for (const entry of table.block ?? []) addNames(assigned, entry.name);
}

function collectOne(directive: NginxDirective, { assigned, foreign }: Collected): void {
  const { name, args } = directive;
  // `$args` is the request's own: `set` changes that.
  if (name === "set" && args[0]?.text !== "$args") assigned.add((args[0]?.text ?? "").slice(1));
  else if (PATTERNED.has(name)) for (const { text } of args) addNames(assigned, text);
  else if (isForeignSetter(name)) {
    const names = args.flatMap(({ text }) => variablesIn(text));
    for (const one of names) foreign.set(one, directive);
  }
}

function addNames(names: Set<string>, pattern: string): void {
  for (const name of captureNames(pattern)) names.add(name);
}

/** `auth_request_set`, `perl_set`, `js_set`, `set_by_lua_block`, `geoip2` ... */
function isForeignSetter(name: string): boolean {
  return (
    name.endsWith("_set") ||
    name.startsWith("set_by_") ||
    name.startsWith("set_") ||
    name === "js_var" ||
    name === "geoip2"
  );
}
