import { isJsonObject, type JsonObject } from "../../core/json-object.ts";
import {
  OSV_ECOSYSTEMS,
  type OsvAffected,
  type OsvEcosystem,
  type OsvRecord,
} from "./osv-record.ts";

/** The first word of an index; the number grows with the format. */
const SCHEMA = "plimsoll.osv/1";

/** One vulnerability as far as it touches one package, however many databases tell of it. */
export interface OsvEntry {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly severity?: string;
  readonly affected: readonly Omit<OsvAffected, "ecosystem" | "name">[];
}

export interface OsvIndex {
  readonly importedMs: number;
  /** Of each ecosystem the index has records of: how many, and when the youngest was changed. */
  readonly ecosystems: Readonly<Partial<Record<OsvEcosystem, OsvEcosystemData>>>;
  /** Everything known about one package; the name as its registry compares names. */
  lookUp(ecosystem: OsvEcosystem, name: string): readonly OsvEntry[];
}

export interface OsvEcosystemData {
  readonly records: number;
  readonly newestMs: number;
}

/** The text of an index: a line about it, then one line for each package, in order of name. */
export function writeOsvIndex(records: readonly OsvRecord[], importedMs: number): string {
  const groupOf = joinAliases(records);
  const packages = new Map<string, Map<string, OsvRecord[]>>();
  for (const record of records) {
    for (const key of new Set(record.affected.map(keyOf))) {
      const groups = packages.get(key) ?? new Map<string, OsvRecord[]>();
      packages.set(key, groups);
      const group = groupOf(record.id);
      const members = groups.get(group) ?? [];
      groups.set(group, members);
      members.push(record);
    }
  }
  const header = { schema: SCHEMA, importedMs, ecosystems: ecosystemsOf(records, importedMs) };
  const lines = [...packages]
    .map(([key, groups]) => {
      const entries = [...groups.values()].map((group) => entryOf(key, group));
      return `${key}\t${JSON.stringify(entries)}`;
    })
    .sort();
  return `${JSON.stringify({ ...header, packages: lines.length })}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function keyOf({ ecosystem, name }: OsvAffected): string {
  return `${ecosystem}\t${name}`;
}

/**
 * PYSEC, GHSA and CVE of one vulnerability name each other in `aliases`: whoever is linked, through names that have no
 * record of their own as well, is one.
 */
function joinAliases(records: readonly OsvRecord[]): (id: string) => string {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    // Shortened on the way, so that a long chain is walked once.
    for (let at = id; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { id, aliases } of records) {
    for (const alias of aliases) {
      const [a, b] = [rootOf(id), rootOf(alias)];
      if (a !== b) parents.set(b, a);
    }
  }
  return rootOf;
}

/** The database of the ecosystem itself names it, then GitHub's. */
const PREFERRED = ["PYSEC-", "GHSA-", "CVE-", ""];

function entryOf(key: string, group: readonly OsvRecord[]): OsvEntry {
  const rank = (id: string) => PREFERRED.findIndex((prefix) => id.startsWith(prefix));
  const ids = [...new Set(group.map(({ id }) => id))].sort((a, b) => rank(a) - rank(b));
  const [id = ""] = ids;
  const aliases = new Set([...ids, ...group.flatMap((record) => record.aliases)]);
  aliases.delete(id);
  const severity = group.map((record) => record.severity).find((word) => word !== undefined);
  return {
    id,
    aliases: [...aliases].sort(),
    ...(severity !== undefined && { severity }),
    affected: group.flatMap((record) =>
      record.affected
        .filter((affected) => keyOf(affected) === key)
        .map(({ ecosystem, name, ...rest }) => rest),
    ),
  };
}

/** A date after the import is a mistake, or meant to make an old bundle look young. */
function ecosystemsOf(records: readonly OsvRecord[], importedMs: number): OsvIndex["ecosystems"] {
  const found: Partial<Record<OsvEcosystem, OsvEcosystemData>> = {};
  for (const { affected, modifiedMs } of records) {
    const isDated = modifiedMs <= importedMs;
    for (const ecosystem of new Set(affected.map((each) => each.ecosystem))) {
      const { records: count, newestMs } = found[ecosystem] ?? { records: 0, newestMs: 0 };
      const newest = isDated ? Math.max(newestMs, modifiedMs) : newestMs;
      found[ecosystem] = { records: count + 1, newestMs: newest };
    }
  }
  return found;
}

export type OsvIndexParse =
  | { readonly ok: true; readonly index: OsvIndex }
  | { readonly ok: false; readonly message: string };

/** Opens the text of an index. Only the lines that are asked for are parsed. */
export function openOsvIndex(text: string): OsvIndexParse {
  const headerEnd = text.indexOf("\n");
  const header = parseObject(text.slice(0, Math.max(headerEnd, 0)));
  if (header?.["schema"] !== SCHEMA) {
    return { ok: false, message: `no index of "plimsoll osv import" (${SCHEMA})` };
  }
  const { importedMs, packages } = header;
  const ecosystems = ecosystemData(header["ecosystems"]);
  if (typeof importedMs !== "number" || ecosystems === undefined) {
    return { ok: false, message: "line 1: the head of the index is damaged" };
  }
  const places = placesOf(text, headerEnd + 1);
  if (places === undefined || places.size !== packages) {
    return { ok: false, message: "the index is cut off or damaged" };
  }
  return {
    ok: true,
    index: {
      importedMs,
      ecosystems,
      lookUp(ecosystem, name) {
        const start = places.get(`${ecosystem}\t${name}`);
        if (start === undefined) return [];
        return entriesOf(text.slice(start, text.indexOf("\n", start)));
      },
    },
  };
}

/** Where the entries of each package begin; `undefined` where a line is none or does not end. */
function placesOf(text: string, from: number): ReadonlyMap<string, number> | undefined {
  const places = new Map<string, number>();
  for (let start = from; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const name = text.indexOf("\t", text.indexOf("\t", start) + 1);
    if (end < 0 || name <= start || name > end) return undefined;
    places.set(text.slice(start, name), name + 1);
    start = end + 1;
  }
  return places;
}

function ecosystemData(value: unknown): OsvIndex["ecosystems"] | undefined {
  if (!isJsonObject(value)) return undefined;
  const found: Partial<Record<OsvEcosystem, OsvEcosystemData>> = {};
  for (const ecosystem of OSV_ECOSYSTEMS) {
    const data = value[ecosystem];
    if (data === undefined) continue;
    const { records, newestMs } = isJsonObject(data) ? data : {};
    if (typeof records !== "number" || typeof newestMs !== "number") return undefined;
    found[ecosystem] = { records, newestMs };
  }
  return found;
}

/** An entry of another form than ours is unclear, never left out: its package is then not proven to be clean. */
function entriesOf(text: string): readonly OsvEntry[] {
  const unclear: OsvEntry = {
    id: "a damaged entry",
    aliases: [],
    affected: [{ spans: [], versions: [], fixed: [], isUnclear: true }],
  };
  const value = parseJson(text);
  if (!Array.isArray(value)) return [unclear];
  return value.map((entry) => (isEntry(entry) ? entry : unclear));
}

function isEntry(value: unknown): value is OsvEntry {
  return (
    isJsonObject(value) &&
    typeof value["id"] === "string" &&
    isTexts(value["aliases"]) &&
    Array.isArray(value["affected"]) &&
    value["affected"].every(
      (each) =>
        isJsonObject(each) &&
        isTexts(each["versions"]) &&
        isTexts(each["fixed"]) &&
        Array.isArray(each["spans"]) &&
        each["spans"].every((span) => isJsonObject(span) && typeof span["from"] === "string"),
    )
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
