import { asJsonObject, type JsonObject } from "../../core/json-object.ts";
import { normalisedName, PEP440 } from "./pep440.ts";
import { SEMANTIC } from "./semantic-version.ts";
import { VERSION_CHARS_MAX, type VersionOrder } from "./version-order.ts";

/** The ecosystems whose lock files are read, as OSV names them. */
export const OSV_ECOSYSTEMS = ["PyPI", "npm"] as const;
export type OsvEcosystem = (typeof OSV_ECOSYSTEMS)[number];

export const ORDER: Readonly<Record<OsvEcosystem, VersionOrder>> = { PyPI: PEP440, npm: SEMANTIC };

/** From the first version (`"0"`: before all) up to `to`, which is still in it only with `isLast`. */
export interface OsvSpan {
  readonly from: string;
  /** Absent: no end is known. */
  readonly to?: string;
  readonly isLast?: true;
}

/** What one record says about one package. */
export interface OsvAffected {
  readonly ecosystem: OsvEcosystem;
  /** As its registry compares names. */
  readonly name: string;
  readonly spans: readonly OsvSpan[];
  /** Versions named one by one that no span holds. */
  readonly versions: readonly string[];
  /** Versions that mend it. */
  readonly fixed: readonly string[];
  /** Something here could not be read: what is not matched is not proven to be free of it. */
  readonly isUnclear?: true;
}

export interface OsvRecord {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Milliseconds since the epoch; NaN where the record does not tell. */
  readonly modifiedMs: number;
  readonly severity?: string;
  readonly affected: readonly OsvAffected[];
}

/** `withdrawn`: the publisher took it back (OSV schema, field `withdrawn`). */
export type OsvParse =
  | { readonly state: "record"; readonly record: OsvRecord }
  | { readonly state: "withdrawn" }
  | { readonly state: "malformed"; readonly why: string };

/** Packages, aliases, events and versions kept of one record; what goes beyond makes it unclear. */
export const AFFECTED_MAX = 2_000;
export const ALIASES_MAX = 100;
export const LIST_MAX = 20_000;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
const NAME = /^[@A-Za-z0-9_.~/-]{1,214}$/;
const SEVERITIES = new Set(["low", "moderate", "medium", "high", "critical"]);

/** One record of the OSV schema (https://ossf.github.io/osv-schema/), for the ecosystems above. */
export function parseOsvRecord(value: unknown): OsvParse {
  const root = asJsonObject(value);
  const id = root?.["id"];
  if (root === undefined || typeof id !== "string" || !ID.test(id)) {
    return { state: "malformed", why: "no record of the OSV schema: it has no id" };
  }
  if (typeof root["withdrawn"] === "string") return { state: "withdrawn" };
  const affected = affectedList(root["affected"] ?? []);
  if (typeof affected === "string") return { state: "malformed", why: `${id}: ${affected}` };
  const severity = severityOf(root);
  const { aliases, modified } = root;
  return {
    state: "record",
    record: {
      id,
      aliases: texts(aliases, ALIASES_MAX).filter((alias) => ID.test(alias)),
      modifiedMs: typeof modified === "string" ? Date.parse(modified) : Number.NaN,
      ...(severity !== undefined && { severity }),
      affected,
    },
  };
}

/** Text: why it is none. */
function affectedList(value: unknown): readonly OsvAffected[] | string {
  if (!Array.isArray(value)) return "affected is no list";
  if (value.length > AFFECTED_MAX) return `more than ${AFFECTED_MAX} packages`;
  const all = value.map(affectedOf);
  if (all.includes("malformed")) return "affected names no package";
  return all.filter((each) => each !== undefined && each !== "malformed");
}

/** `undefined`: of an ecosystem that is not looked at. */
function affectedOf(entry: unknown): OsvAffected | "malformed" | undefined {
  const value = asJsonObject(entry);
  const about = asJsonObject(value?.["package"]);
  // Records of one repository alone name no package, only commits.
  if (value !== undefined && about === undefined && value["ranges"] !== undefined) return undefined;
  const [written, name] = [about?.["ecosystem"], about?.["name"]];
  if (value === undefined || typeof written !== "string" || typeof name !== "string") {
    return "malformed";
  }
  const ecosystem = OSV_ECOSYSTEMS.find((one) => one === written.split(":")[0]);
  if (ecosystem === undefined || !NAME.test(name)) return undefined;
  const ranges = rangesOf(value["ranges"], ORDER[ecosystem]);
  const spans = ranges.flatMap((range) => range.spans);
  const listed = texts(value["versions"], LIST_MAX + 1);
  const versions = listed.filter((version) => !isInSpans(ORDER[ecosystem], spans, version));
  const isUnclear =
    ranges.some((range) => range.isUnclear) ||
    listed.length > LIST_MAX ||
    spans.length + versions.length === 0;
  return {
    ecosystem,
    name: ecosystem === "PyPI" ? normalisedName(name) : name,
    spans,
    versions: versions.slice(0, LIST_MAX),
    fixed: [...new Set(ranges.flatMap((range) => range.fixed))],
    ...(isUnclear && { isUnclear }),
  };
}

interface Range {
  readonly spans: readonly OsvSpan[];
  readonly fixed: readonly string[];
  readonly isUnclear: boolean;
}

interface Event {
  readonly kind: "introduced" | "fixed" | "last_affected";
  readonly version: string;
}

/** Commits (`GIT`) say nothing about a version. */
function rangesOf(value: unknown, order: VersionOrder): readonly Range[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ spans: [], fixed: [], isUnclear: true }];
  return value
    .map((range) => asJsonObject(range) ?? {})
    .filter(({ type }) => type !== "GIT")
    .map(({ type, events }) => {
      const isKnown = type === "ECOSYSTEM" || type === "SEMVER";
      if (!isKnown || !Array.isArray(events) || events.length > LIST_MAX) {
        return { spans: [], fixed: [], isUnclear: true };
      }
      return rangeOf(events.flatMap(eventsOf), order);
    });
}

function eventsOf(value: unknown): readonly Event[] {
  const event = asJsonObject(value) ?? {};
  return (["introduced", "fixed", "last_affected"] as const).flatMap((kind) => {
    const version = event[kind];
    return typeof version === "string" ? [{ kind, version }] : [];
  });
}

/** The evaluation of the OSV schema: events in order of version, each switching the state on or off. */
function rangeOf(events: readonly Event[], order: VersionOrder): Range {
  const compare = (a: Event, b: Event) => compareBounds(order, a.version, b.version);
  const isSound = ({ version }: Event) => version === "0" || order.isVersion(version);
  const sorted = events.filter(isSound).sort(compare);
  const spans: OsvSpan[] = [];
  let from: string | undefined;
  for (const { kind, version } of sorted) {
    if (kind === "introduced") from ??= version;
    else if (from !== undefined) {
      spans.push({ from, to: version, ...(kind === "last_affected" && { isLast: true }) });
      from = undefined;
    }
  }
  if (from !== undefined) spans.push({ from });
  const fixed = sorted.filter(({ kind }) => kind === "fixed").map(({ version }) => version);
  // An end that cannot be read must neither end the range nor leave it open for ever.
  if (sorted.length < events.length) return { spans: [], fixed, isUnclear: true };
  return { spans, fixed, isUnclear: spans.length === 0 };
}

/** `"0"` comes before every version, its pre-releases included. Both are sound. */
function compareBounds(order: VersionOrder, a: string, b: string): number {
  if (a === "0" || b === "0") return Number(b === "0") - Number(a === "0");
  return order.compare(a, b) ?? 0;
}

/** Whether a version lies in one of the spans; false as well where it is none. */
export function isInSpans(
  order: VersionOrder,
  spans: readonly OsvSpan[],
  version: string,
): boolean {
  if (spans.length === 0 || !order.isVersion(version)) return false;
  return spans.some(({ from, to, isLast }) => {
    const since = from === "0" ? 1 : order.compare(version, from);
    if (since === undefined || since < 0) return false;
    if (to === undefined) return true;
    const until = order.compare(version, to) ?? 1;
    return until < 0 || (until === 0 && isLast === true);
  });
}

/** What the publisher calls it; GitHub writes MODERATE. */
function severityOf(root: JsonObject): string | undefined {
  const word = asJsonObject(root["database_specific"])?.["severity"];
  const lower = typeof word === "string" ? word.toLowerCase() : "";
  return SEVERITIES.has(lower) ? lower : undefined;
}

function texts(value: unknown, max: number): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, max)
    .filter((each) => typeof each === "string" && each.length <= VERSION_CHARS_MAX);
}
