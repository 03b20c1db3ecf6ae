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

function collect(
  block: NginxDirective,
  into: {
    readonly tables: Map<string, NginxDirective>;
    readonly assigned: Set<string>;
    readonly foreign: Map<string, NginxDirective>;
  },
): void {
  for (const directive of block.block ?? []) {
    const { name, args } = directive;
    if (TABLES.has(name)) {
      const variable = args.at(-1)?.text ?? "";
      into.tables.set(variable.slice(1), directive);
      for (const entry of directive.block ?? []) addNames(into.assigned, entry.name);
      continue;
    }
    if (name === "set") into.assigned.add((args[0]?.text ?? "").slice(1));
    else if (PATTERNED.has(name)) for (const { text } of args) addNames(into.assigned, text);
    else if (isForeignSetter(name)) {
      for (const { text } of args)
        for (const one of variablesIn(text)) into.foreign.set(one, directive);
    }
    if (directive.block !== undefined) collect(directive, into);
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
