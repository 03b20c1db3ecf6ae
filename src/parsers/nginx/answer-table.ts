import { parseIp } from "../address.ts";
import { matchesPattern, setOpenCaptures } from "./answer-pattern.ts";
import { positionOf, type Run } from "./answer-run.ts";
import { type AnswerText, candidateTexts, knownText, openReason, openText } from "./answer-text.ts";
import type { NginxDirective } from "./parse.ts";
import { matchName, type NameTable, nameKind, nameTable } from "./server-name.ts";

type Resolve = (run: Run, text: string) => AnswerText;

/** The value of a variable defined by `map`, `geo` or `split_clients`, kept for the request unless volatile. */
export function tableValue(
  run: Run,
  name: string,
  table: NginxDirective,
  resolve: Resolve,
): AnswerText {
  const value = evaluate(run, name, table, resolve);
  const isVolatile = table.block?.some(
    (entry) => entry.name === "volatile" && entry.args.length === 0,
  );
  if (!isVolatile) run.variables.set(name, value);
  return value;
}

function evaluate(run: Run, name: string, table: NginxDirective, resolve: Resolve): AnswerText {
  switch (table.name) {
    case "map":
      return mapValue(run, name, table, resolve);
    case "geo":
      return geoValue(run, name, table, resolve);
    default: {
      const values = entriesOf(table).map(({ args }) => args[0]?.text ?? "");
      return openText(name, "it divides clients by a checksum", values);
    }
  }
}

/** Entries with one value; parameters such as `hostnames` have none. */
function entriesOf({ block }: NginxDirective): readonly NginxDirective[] {
  return block?.filter(({ name, args }) => args.length === 1 && !NOT_ENTRIES.has(name)) ?? [];
}

const NOT_ENTRIES: ReadonlySet<string> = new Set(["include", "delete", "proxy"]);

function hasUnread({ block }: NginxDirective): boolean {
  return block?.some(({ name }) => name === "include") ?? false;
}

function mapValue(run: Run, name: string, table: NginxDirective, resolve: Resolve): AnswerText {
  if (hasUnread(table)) return openText(name, "a file of its map could not be read");
  const source = resolve(run, table.args[0]?.text ?? "");
  if (!source.isKnown) return openMap(run, name, table, source, resolve);
  const entry = mapEntry(run, table, source);
  return entry === undefined ? knownText("") : resolve(run, entry.args[0]?.text ?? "");
}

interface MapIndex {
  readonly names: NameTable<NginxDirective>;
  readonly patterns: readonly NginxDirective[];
  readonly otherwise: NginxDirective | undefined;
  readonly hasHostnames: boolean;
}

const indexes = new WeakMap<NginxDirective, MapIndex>();

/** Exact keys in any case, then wildcards where there is `hostnames`, then patterns in file order. */
function mapIndex(table: NginxDirective): MapIndex {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const hasHostnames =
    table.block?.some(({ name, args }) => name === "hostnames" && args.length === 0) ?? false;
  const entries = entriesOf(table);
  const keyed = entries
    .filter(({ name }) => name !== "default" && !name.startsWith("~"))
    .map((entry) => {
      const { file, line, column, name } = entry;
      const key = name.startsWith("\\") ? name.slice(1) : name;
      const kind = hasHostnames
        ? nameKind(key)
        : ({ kind: "exact", value: key.toLowerCase() } as const);
      return { name: { ...kind, text: key, file, line, column }, target: entry };
    });
  const index: MapIndex = {
    names: nameTable(keyed),
    patterns: entries.filter(({ name }) => name.startsWith("~")),
    otherwise: entries.findLast(({ name }) => name === "default"),
    hasHostnames,
  };
  indexes.set(table, index);
  return index;
}

function mapEntry(run: Run, table: NginxDirective, source: AnswerText): NginxDirective | undefined {
  const { names, patterns, otherwise, hasHostnames } = mapIndex(table);
  const text = hasHostnames && source.text.endsWith(".") ? source.text.slice(0, -1) : source.text;
  const match = matchName(names, text.toLowerCase());
  if (match.state === "found") return match.target;
  // An empty value is never tried on the patterns (`ngx_http_map_find`).
  if (text === "") return otherwise;
  const subject = knownText(text);
  const found = patterns.find((entry) => {
    const isCaseless = entry.name.startsWith("~*");
    const pattern = entry.name.slice(isCaseless ? 2 : 1);
    const about = `${table.args[0]?.text} matches ${entry.name}`;
    return matchesPattern(run, { pattern, isCaseless, subject, about, at: positionOf(entry) });
  });
  return found ?? otherwise;
}

/** Of an unknown source: one value where all that are possible agree, else all of them. */
function openMap(
  run: Run,
  name: string,
  table: NginxDirective,
  source: AnswerText,
  resolve: Resolve,
): AnswerText {
  const { patterns, otherwise } = mapIndex(table);
  const candidates = patterns.length === 0 ? candidateTexts(source) : undefined;
  const entries = candidates?.map((candidate) => mapEntry(run, table, knownText(candidate))) ?? [
    ...entriesOf(table),
    ...(otherwise === undefined ? [undefined] : []),
  ];
  const texts = entries.map((entry) =>
    entry === undefined ? knownText("") : resolve(run, entry.args[0]?.text ?? ""),
  );
  const because = openReason(source);
  // One that matched has replaced `$1`, also for what comes after the lookup.
  for (const { name: key } of patterns) setOpenCaptures(run, key);
  // What a pattern would capture is not known either.
  if (patterns.some(({ args }) => args[0]?.text.includes("$"))) return openText(name, because);
  if (!texts.every(({ isKnown }) => isKnown)) return openText(name, because);
  const values = [...new Set(texts.map(({ text }) => text))];
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? knownText(only)
    : openText(name, because, values);
}

/** The longest network wins; without `default` the value is empty (`ngx_http_geo_block`). */
function geoValue(run: Run, name: string, table: NginxDirective, resolve: Resolve): AnswerText {
  const values = [...new Set([...entriesOf(table).map(({ args }) => args[0]?.text ?? ""), ""])];
  const isPlain = table.block?.every(({ name: key }) => !GEO_PARAMETERS.has(key)) ?? false;
  if (!isPlain) return openText(name, "its table is more than networks", values);
  const source = resolve(run, table.args.length > 1 ? (table.args[0]?.text ?? "") : "$remote_addr");
  if (!source.isKnown) return openText(name, openReason(source), values);
  const address = parseIp(source.text);
  const fitting = entriesOf(table).flatMap(({ name: network, args }) => {
    const bits = network === "default" ? 0 : networkBits(network, address);
    return bits === undefined ? [] : [{ bits, value: args[0]?.text ?? "" }];
  });
  // Of equally long ones the last counts: nginx replaces the value, with a warning.
  const best = fitting.reduce((longest, one) => (one.bits >= longest.bits ? one : longest), {
    bits: -1,
    value: "",
  });
  return knownText(best.value);
}

const GEO_PARAMETERS: ReadonlySet<string> = new Set([
  "include",
  "ranges",
  "proxy",
  "proxy_recursive",
  "delete",
]);

/** Length of the network's prefix where the address is in it. `10.0.0.0/8`, `::1`, `192.0.2.1`. */
export function networkBits(
  network: string,
  address: ReturnType<typeof parseIp>,
): number | undefined {
  const [base = "", length] = network.split("/");
  const ip = parseIp(base);
  if (ip === undefined || address === undefined || ip.family !== address.family) return undefined;
  const bits = length === undefined ? ip.bytes.length * 8 : Number(length);
  for (let at = 0; at < bits; at += 1) {
    const byte = at >> 3;
    const mask = 0x80 >> (at & 7);
    if (((ip.bytes[byte] ?? 0) & mask) !== ((address.bytes[byte] ?? 0) & mask)) return undefined;
  }
  return bits;
}
