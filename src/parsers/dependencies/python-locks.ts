import { asJsonObject, type JsonObject } from "../../core/json-object.ts";
import { keyLines } from "./json-lines.ts";
import {
  asText,
  boundedLock,
  brokenLock,
  type LockedPackage,
  type LockFile,
  type LockProblem,
  type LockReader,
  objectEntries,
  parseLockJson,
  reachable,
  type UnlockedPackage,
} from "./lock-file.ts";
import { normalisedName } from "./pep440.ts";
import { packageLines, parseTomlLock, requiredName } from "./toml-lock.ts";

/** One `[[package]]`, with the line of its header. */
interface Entry {
  readonly name: string;
  readonly table: JsonObject;
  readonly line?: number;
}

type Group = LockedPackage["group"];

/** Groups have no purpose but by their names. */
const DEVELOPMENT = /^(?:dev|develop|development|tests?|testing|lint|docs?|typing|ci)$/i;

function isDeployed(group: string): boolean {
  return !DEVELOPMENT.test(group);
}

/** poetry.lock. Since 1.5 it tells no groups until 2.0: then the pyproject.toml beside it does. */
export const readPoetryLock: LockReader = (text, manifest) => {
  const parsed = parseTomlLock(text);
  if (!parsed.ok) return parsed.lock;
  const entries = entriesOf(text, parsed.value);
  const deployed = poetryDeployed(entries, manifest);
  const lock = lockOf(entries, ({ table, name }) => {
    const { category, groups, optional } = table;
    const isMain = Array.isArray(groups) ? texts(groups).some(isDeployed) : category !== "dev";
    if (!isMain || deployed?.has(name) === false) return "development";
    return optional === true ? "optional" : undefined;
  });
  // Poetry writes it last.
  const isWhole = asJsonObject(parsed.value["metadata"]) !== undefined;
  return isWhole ? lock : cutOff(lock, "the table [metadata] at its end is missing");
};

/** What the main dependencies of pyproject.toml reach; `undefined` where it cannot be told. */
function poetryDeployed(
  entries: readonly Entry[],
  manifest: string | undefined,
): ReadonlySet<string> | undefined {
  const parsed = parseTomlLock(manifest ?? "");
  if (manifest === undefined || !parsed.ok) return undefined;
  const project = asJsonObject(parsed.value["project"]);
  const poetry = asJsonObject(asJsonObject(parsed.value["tool"])?.["poetry"]);
  const extras = Object.values(asJsonObject(project?.["optional-dependencies"]) ?? {}).flatMap(
    texts,
  );
  const groups = objectEntries(poetry?.["group"]).filter(([name]) => isDeployed(name));
  const tables = [poetry, ...groups.map(([, group]) => group)];
  const roots = [
    ...tables.flatMap((table) => Object.keys(asJsonObject(table?.["dependencies"]) ?? {})),
    ...[...texts(project?.["dependencies"]), ...extras].map(requiredName),
  ].map(normalisedName);
  if (roots.length === 0) return undefined;
  const needs = new Map(
    entries.map(({ name, table }) => [
      name,
      Object.keys(asJsonObject(table["dependencies"]) ?? {}).map(normalisedName),
    ]),
  );
  return reachable(roots, (name) => needs.get(name) ?? []);
}

/** uv.lock: the project is a package of it, with its groups. */
export const readUvLock: LockReader = (text) => {
  const parsed = parseTomlLock(text);
  if (!parsed.ok) return parsed.lock;
  const entries = entriesOf(text, parsed.value);
  const own = entries.filter(({ table }) => isOwn(asJsonObject(table["source"]) ?? {}));
  const needs = Map.groupBy(entries, ({ name }) => name);
  const closure = (roots: readonly string[]) =>
    reachable(roots, (name) =>
      (needs.get(name) ?? []).flatMap(({ table }) => [
        ...namesIn(table["dependencies"]),
        ...groupedNames(table["optional-dependencies"]),
      ]),
    );
  const main = closure(own.flatMap(({ table }) => namesIn(table["dependencies"])));
  const extras = closure(own.flatMap(({ table }) => groupedNames(table["optional-dependencies"])));
  const lock = lockOf(
    entries.filter((entry) => !own.includes(entry)),
    ({ name }) => uvGroup(own.length > 0, main.has(name), extras.has(name)),
  );
  const named = entries.flatMap(({ table }) => [
    ...namesIn(table["dependencies"]),
    ...groupedNames(table["optional-dependencies"]),
    ...groupedNames(table["dev-dependencies"]),
  ]);
  const lost = named.find((name) => !needs.has(name));
  return lost === undefined ? lock : cutOff(lock, `${lost} is needed and not listed`);
};

function uvGroup(hasProject: boolean, isMain: boolean, isExtra: boolean): Group {
  if (!hasProject || isMain) return undefined;
  return isExtra ? "optional" : "development";
}

/** The project, and the other members of its workspace. */
function isOwn(source: JsonObject): boolean {
  return ["editable", "virtual", "directory"].some((key) => source[key] !== undefined);
}

/** pdm.lock: since 4.4 (pdm 2.8) each package names its groups. */
export const readPdmLock: LockReader = (text) => {
  const parsed = parseTomlLock(text);
  if (!parsed.ok) return parsed.lock;
  const entries = entriesOf(text, parsed.value);
  const lock = lockOf(entries, ({ table }) => {
    const groups = texts(table["groups"]);
    if (groups.length === 0 || groups.includes("default")) return undefined;
    return groups.some(isDeployed) ? "optional" : "development";
  });
  const listed = new Set(entries.map(({ name }) => name));
  // What only some environments need may be left out of a lock for one of them.
  const lost = entries
    .flatMap(({ table }) => texts(table["dependencies"]))
    .filter((requirement) => !requirement.includes(";"))
    .map(requiredName)
    .find((name) => !listed.has(name));
  return lost === undefined ? lock : cutOff(lock, `${lost} is needed and not listed`);
};

/** Pipfile.lock: JSON with the sections `default` and `develop`. */
export const readPipfileLock: LockReader = (text) => {
  const parsed = parseLockJson(text);
  if (!parsed.ok) return parsed.lock;
  const { default: deployed, develop } = parsed.value;
  if (asJsonObject(deployed) === undefined) return brokenLock('it has no section "default"');
  const { lineOf } = keyLines(text);
  const rows = [
    ...objectEntries(deployed).map(([name, table]) => ({ name, table, group: undefined })),
    ...objectEntries(develop)
      .filter(([name]) => asJsonObject(asJsonObject(deployed)?.[name]) === undefined)
      .map(([name, table]) => ({ name, table, group: "development" as const })),
  ];
  const read = rows.map(({ name, table, group }) => {
    const line = lineOf(name);
    const version = /^===?\s*([^,*]+)$/.exec(asText(table["version"]) ?? "")?.[1];
    const at = line === undefined ? {} : { line };
    const condition = asText(table["markers"]);
    if (version === undefined) return { name, reason: sourceOf(table), ...at };
    return {
      name,
      version,
      ...at,
      ...(group !== undefined && { group }),
      ...(condition !== undefined && { condition }),
    };
  });
  return boundedLock({
    packages: read.filter((each) => "version" in each),
    skipped: read.filter((each) => "reason" in each),
    problems: [],
  });
};

function sourceOf(table: JsonObject): string {
  const isHere = table["path"] !== undefined || table["editable"] !== undefined;
  return isHere ? "from a directory or file" : "from a repository or URL";
}

function entriesOf(text: string, root: JsonObject): readonly Entry[] {
  const listed = Array.isArray(root["package"]) ? root["package"] : [];
  const lines = packageLines(text);
  return listed.map((value, index) => {
    const table = asJsonObject(value) ?? {};
    const line = lines.length === listed.length ? lines[index] : undefined;
    const name = normalisedName(asText(table["name"]) ?? "");
    return { name, table, ...(line !== undefined && { line }) };
  });
}

function lockOf(entries: readonly Entry[], groupOf: (entry: Entry) => Group): LockFile {
  const packages: LockedPackage[] = [];
  const skipped: UnlockedPackage[] = [];
  const problems: LockProblem[] = [];
  for (const entry of entries) {
    const { table, line } = entry;
    const at = line === undefined ? {} : { line };
    const name = asText(table["name"]) ?? "a package";
    const reason = elsewhere(table);
    const version = asText(table["version"]);
    if (reason !== undefined) skipped.push({ name, reason, ...at });
    else if (version === undefined) problems.push({ message: `${name} has no version`, ...at });
    else packages.push({ name, version, ...at, ...detailsOf(table, groupOf(entry)) });
  }
  return boundedLock({ packages, skipped, problems: problems.slice(0, 1) });
}

function detailsOf(table: JsonObject, group: Group): Pick<LockedPackage, "group" | "condition"> {
  const condition = asText(table["marker"]) ?? asText(table["markers"]);
  return {
    ...(group !== undefined && { group }),
    ...(condition !== undefined && { condition }),
  };
}

/** Poetry's and uv's `source`, pdm's keys beside the version. An index of one's own is a registry still. */
function elsewhere(table: JsonObject): string | undefined {
  const source = asJsonObject(table["source"]) ?? {};
  const words = [...Object.keys(source), asText(source["type"]) ?? "", ...Object.keys(table)];
  if (words.some((word) => /^(?:editable|virtual|directory|path|file)$/.test(word))) {
    return "from a directory or file";
  }
  const isRemote = source["registry"] === undefined && source["type"] !== "legacy";
  const isElsewhere = isRemote && words.some((word) => /^(?:git|hg|svn|url)$/.test(word));
  return isElsewhere ? "from a repository or URL" : undefined;
}

function cutOff(lock: LockFile, why: string): LockFile {
  return { ...lock, problems: [...lock.problems, { message: `it is cut off: ${why}` }] };
}

/** Names in uv's lists of `{ name = "x" }`. */
function namesIn(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const name = asText(asJsonObject(each)?.["name"]);
    return name === undefined ? [] : [normalisedName(name)];
  });
}

function groupedNames(value: unknown): readonly string[] {
  return Object.values(asJsonObject(value) ?? {}).flatMap(namesIn);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
