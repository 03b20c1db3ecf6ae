import { asJsonObject, type JsonObject } from "../../core/json-object.ts";
/** One package a lock file or list of requirements fixes to one version. */
export interface LockedPackage {
  /** As written. */
  readonly name: string;
  readonly version: string;
  /** From 1; absent where the file's form does not tell. */
  readonly line?: number;
  /** Told only where the file itself, or the manifest beside it, says that nothing deployed needs it. */
  readonly group?: "development" | "optional";
  /** As written: installed only where this environment marker (PEP 508) holds. */
  readonly condition?: string;
}

/** What is listed without a version of a registry: a repository, a URL, a path. */
export interface UnlockedPackage {
  readonly name: string;
  /** In own words: what is written there may hold credentials. */
  readonly reason: string;
  readonly line?: number;
}

export interface LockProblem {
  readonly message: string;
  readonly line?: number;
}

export interface LockFile {
  readonly packages: readonly LockedPackage[];
  readonly skipped: readonly UnlockedPackage[];
  /** Why the packages above may not be all: cut off, damaged, of an unknown version. */
  readonly problems: readonly LockProblem[];
}

/** Packages of one lock file. */
export const LOCKED_MAX = 50_000;

/** Reads the text of a lock file. `manifest`: the text of the manifest beside it, where it has one. */
export type LockReader = (text: string, manifest?: string) => LockFile;

export function brokenLock(message: string, line?: number): LockFile {
  return {
    packages: [],
    skipped: [],
    problems: [{ message, ...(line !== undefined && { line }) }],
  };
}

/** The lock within its bound; what is beyond is said. */
export function boundedLock(lock: LockFile): LockFile {
  if (lock.packages.length <= LOCKED_MAX) return lock;
  const problem = { message: `it lists more than ${LOCKED_MAX} packages` };
  const packages = lock.packages.slice(0, LOCKED_MAX);
  return { ...lock, packages, problems: [...lock.problems, problem] };
}

/** Everything that can be reached from `roots`; `edges` gives what one names. */
export function reachable<T>(roots: Iterable<T>, edges: (from: T) => Iterable<T>): ReadonlySet<T> {
  const found = new Set(roots);
  // A set hands over what is added while it is walked.
  for (const each of found) for (const next of edges(each)) found.add(next);
  return found;
}

/** The entries of an object whose values are objects. */
export function objectEntries(value: unknown): readonly (readonly [string, JsonObject])[] {
  return Object.entries(asJsonObject(value) ?? {}).flatMap(([key, each]) => {
    const object = asJsonObject(each);
    return object === undefined ? [] : [[key, object] as const];
  });
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export type ParsedLock =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly lock: LockFile };

/** JSON of a lock file, or the lock that says why it is none and where the parser stopped. */
export function parseLockJson(text: string): ParsedLock {
  try {
    const value = asJsonObject(JSON.parse(text));
    if (value !== undefined) return { ok: true, value };
    return { ok: false, lock: brokenLock("it is no JSON object") };
  } catch (error) {
    if (error instanceof RangeError)
      return { ok: false, lock: brokenLock("it is nested too deeply") };
    if (!(error instanceof SyntaxError)) throw error;
    const position = /at position (\d+)/.exec(error.message)?.[1];
    const end = position === undefined ? text.length : Number(position);
    const line = text.slice(0, end).split("\n").length;
    return { ok: false, lock: brokenLock("it is cut off or no JSON", line) };
  }
}
