import { ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { isClaim, isClientVariable } from "./client-variables.ts";
import { type LimitZone, limitZones, usedZones } from "./limit-zones.ts";
import type { NginxModel } from "./model.ts";

/** What lets a request past a limit: its key is empty, and such requests are not counted (ngx_http_limit_req_module). */
export interface LimitExemption {
  readonly zone: LimitZone;
  /** An entry of addresses, or the variable that holds what a client claims. */
  readonly kind: "address" | "field";
  /** As written: `10.0.0.0/8`, `$http_x_token`. */
  readonly text: string;
  readonly at: NginxDirective;
}

/** Tables that choose by tables that choose. */
const TABLES_DEEP_MAX = 5;
const ADDRESS_VARIABLES: ReadonlySet<string> = new Set([
  "remote_addr",
  "binary_remote_addr",
  "realip_remote_addr",
]);

/** Of every zone that a limit counts in: who is not counted, by the maps and geo tables its key is made by. */
export function limitExemptions(model: NginxModel): readonly LimitExemption[] {
  const used = usedZones(model);
  const tables = model.https.flatMap((http) => ownDirectives(http, "map", "geo"));
  return limitZones(model)
    .filter(({ kind, name }) => used.has(`${kind} ${name}`))
    .flatMap((zone) => {
      const name = /^\$\{?(\w+)\}?$/.exec(zone.key)?.[1];
      const table = name === undefined ? undefined : tableNamed(tables, name);
      if (table === undefined) return [];
      const found = choosing({ tables, table, value: "", depth: 0 });
      return found.map((one) => ({ zone, ...one }));
    });
}

function tableNamed(tables: readonly NginxDirective[], name: string): NginxDirective | undefined {
  return tables.findLast(({ args }) => args.at(-1)?.text.replace(/^\$\{?|\}$/g, "") === name);
}

interface Question {
  readonly tables: readonly NginxDirective[];
  readonly table: NginxDirective;
  /** The text it is asked for. */
  readonly value: string;
  readonly depth: number;
}

type Found = Omit<LimitExemption, "zone">;

const NOT_ENTRIES: ReadonlySet<string> = new Set([
  ...["include", "proxy", "proxy_recursive", "delete", "ranges", "hostnames", "volatile"],
]);

/** The entries by which a table becomes `value`, followed to addresses and to what clients write. */
function choosing({ tables, table, value, depth }: Question): readonly Found[] {
  const entries = (table.block ?? []).filter(
    ({ name, args }) => args.length === 1 && !NOT_ENTRIES.has(name),
  );
  const given = table.args.length > 1 ? table.args[0]?.text : undefined;
  const chooser = (given ?? "$remote_addr").replace(/^\$\{?|\}$/g, "");
  const taken = entries.filter(({ name, args }) => args[0]?.text === value && name !== "default");
  if (isClientVariable(chooser)) {
    if (!isClaim(`$${chooser}`)) return [];
    return taken.slice(0, 1).map((at) => ({ kind: "field", text: `$${chooser}`, at }));
  }
  if (table.name === "geo" || ADDRESS_VARIABLES.has(chooser)) {
    return taken.map((at) => ({ kind: "address", text: at.name, at }));
  }
  const inner = depth < TABLES_DEEP_MAX ? tableNamed(tables, chooser) : undefined;
  if (inner === undefined) return [];
  const values = new Set(taken.map(({ name }) => name));
  const standard = entries.find(({ name }) => name === "default");
  const isByDefault = (standard?.args[0]?.text ?? "") === value;
  const others = isByDefault ? unnamedValues(inner, entries) : [];
  return [...values, ...others].flatMap((each) =>
    choosing({ tables, table: inner, value: each, depth: depth + 1 }),
  );
}

/** Values of a table for which another has no entry of its own: its default takes them. */
function unnamedValues(
  { block = [] }: NginxDirective,
  entries: readonly NginxDirective[],
): readonly string[] {
  const named = new Set(entries.map(({ name }) => name));
  const values = block
    .filter(({ name, args }) => args.length === 1 && !NOT_ENTRIES.has(name) && name !== "default")
    .map(({ args }) => args[0]?.text ?? "");
  return [...new Set(values)].filter((each) => !named.has(each));
}
