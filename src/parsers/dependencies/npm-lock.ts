import { asJsonObject, type JsonObject } from "../../core/json-object.ts";
import { keyLines } from "./json-lines.ts";
import {
  asText,
  boundedLock,
  brokenLock,
  type LockedPackage,
  type LockProblem,
  type LockReader,
  objectEntries,
  parseLockJson,
  type UnlockedPackage,
} from "./lock-file.ts";

const VERSIONS = new Set([1, 2, 3]);
const FROM_REPOSITORY =
  /^(?:git(?:\+|:|@)|github:|gitlab:|bitbucket:|https:\/\/codeload\.github\.com\/)/;
const FROM_FILE = /^(?:file|link):/;
/** Dependencies within dependencies (version 1). */
const DEPTH_MAX = 100;

/** package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3 (npm, "package-lock.json"). */
export const readNpmLock: LockReader = (text) => {
  const parsed = parseLockJson(text);
  if (!parsed.ok) return parsed.lock;
  const { lockfileVersion, packages, dependencies } = parsed.value;
  if (lockfileVersion !== undefined && !VERSIONS.has(Number(lockfileVersion))) {
    return brokenLock("its lockfileVersion is none of 1, 2, 3");
  }
  const found = asJsonObject(packages) !== undefined ? inFolders(packages) : nested(dependencies);
  const { lineOf } = keyLines(text);
  const seen = new Map<string, number>();
  const read = found.map(({ key, name, entry }) => {
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return readEntry(name, entry, lineOf(key, occurrence));
  });
  return boundedLock({
    packages: read.filter((each) => "version" in each),
    skipped: read.filter((each) => "reason" in each),
    problems: read.filter((each) => "message" in each).slice(0, 1),
  });
};

function readEntry(
  name: string,
  entry: JsonObject,
  line: number | undefined,
): LockedPackage | UnlockedPackage | LockProblem {
  const at = line === undefined ? {} : { line };
  const reason = otherSource(entry);
  if (reason !== undefined) return { name, reason, ...at };
  const written = asText(entry["version"]);
  // `"short": { "version": "npm:real@1.0.0" }` (version 1).
  const alias = /^npm:(.+)@([^@]+)$/.exec(written ?? "");
  const version = alias?.[2] ?? written;
  if (version === undefined) return { message: `${name} has no version`, ...at };
  const group = entry["dev"] === true ? ({ group: "development" } as const) : {};
  return { name: alias?.[1] ?? asText(entry["name"]) ?? name, version, ...at, ...group };
}

interface Found {
  /** Of the object in the text. */
  readonly key: string;
  readonly name: string;
  readonly entry: JsonObject;
}

/** Versions 2 and 3: a flat list by folder. What lies outside `node_modules` is the project itself. */
function inFolders(packages: unknown): readonly Found[] {
  return objectEntries(packages).flatMap(([key, entry]) => {
    const at = key.lastIndexOf("node_modules/");
    if (at < 0 || entry["link"] === true) return [];
    return [{ key, name: key.slice(at + "node_modules/".length), entry }];
  });
}

/** Version 1: each package holds those installed below it. */
function nested(dependencies: unknown, depth = 0): readonly Found[] {
  if (depth > DEPTH_MAX) return [];
  return objectEntries(dependencies).flatMap(([name, entry]) => [
    { key: name, name, entry },
    ...nested(entry["dependencies"], depth + 1),
  ]);
}

function otherSource(entry: JsonObject): string | undefined {
  const places = [entry["resolved"], entry["version"]].map((each) => asText(each) ?? "");
  if (places.some((place) => FROM_REPOSITORY.test(place))) return "from a repository";
  return places.some((place) => FROM_FILE.test(place)) ? "from a directory or file" : undefined;
}
