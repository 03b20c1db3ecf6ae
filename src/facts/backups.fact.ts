import { type CollectContext, defineFact } from "../core/fact.ts";
import type { DirEntry } from "../core/host.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { type BackupJob, composeJobs, cronJobs, type FoundJob, timerJobs } from "./backup-jobs.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { type Database, databases } from "./databases.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { MOUNTINFO_BYTES_MAX, mountOf } from "./env-access.ts";
import { effectiveAssignment, environmentValues } from "./environment-values.fact.ts";
import { directoryOf, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** What makes backups of the application's databases, and what it made. */
export interface Backups {
  readonly jobs: readonly BackupJob[];
  readonly places: readonly BackupPlace[];
}

/** A directory that is said to hold backups. */
export interface BackupPlace {
  readonly path: string;
  /** Who says so: a key of the environment, or a job. */
  readonly from: string;
  /** Of its files the one last written; absent in an empty directory. Not looked for without host facts. */
  readonly newest: Reading<BackupFile>;
  /** A SQLite database of the application lies on the same device; absent where it cannot be told. */
  readonly isOnDatabaseDevice?: boolean;
}

export interface BackupFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Files of one place that are looked at, its sub-directories' (one level) among them. */
export const BACKUP_FILES_MAX = 2_000;
const PLACES_MAX = 16;
const LOCATION_KEY = /^(?:[A-Z][A-Z0-9]*_)*BACKUPS?_(?:DIR|DIRECTORY|PATH|FOLDER|LOCATION|ROOT)$/;
/** No backups: notes, scripts, checksums, what is still being written. */
const OTHER_FILE = /^\.|\.(?:log|md|sh|py|lock|tmp|part|sha\d*|sha\d+sum|md5|conf|ya?ml)$|^README/i;
/** Programs that save whole servers. */
const WHOLE: readonly (readonly [RegExp, Database["engine"]])[] = [
  [/\b(?:pg_dumpall|pg_basebackup|wal-[ge]|pgbackrest|barman)\b/, "postgresql"],
  [/--all-databases\b|\b(?:xtrabackup|mariabackup|mariadb-backup|mydumper)\b/, "mysql"],
];

export const backups = defineFact({
  id: "backups",
  title: "Backups of the databases",
  access: "read",
  timeoutMs: 10_000,
  needs: { environmentValues, databases },
  wants: { tree: deploymentTree, composeFiles },
  async collect(context, facts, readings): Promise<Reading<Backups>> {
    const { directory } = context.target;
    const files = (knownValue(readings.tree)?.files ?? []).map(({ path }) => path);
    const compose = knownValue(readings.composeFiles);
    const project = compose?.production?.project ?? compose?.project;
    const scheduled = [...(await timerJobs(context, files)), ...(await cronJobs(context, files))];
    const jobs = [
      ...scheduled.filter((job) => isOfDatabases(job, directory, facts.databases)),
      ...(project === undefined ? [] : composeJobs(directory, project)),
    ];
    const keys = new Set(facts.environmentValues.assignments.map(({ key }) => key));
    const declared = [...keys].flatMap((key) => {
      const value = effectiveAssignment(facts.environmentValues, key)?.value.trim() ?? "";
      if (!LOCATION_KEY.test(key) || value === "" || /^\w+:\/\//.test(value)) return [];
      return [{ path: resolveFrom(directory, value), from: key }];
    });
    const written = jobs.flatMap(({ directories, name }) =>
      directories.map((path) => ({ path, from: name })),
    );
    const named = new Map([...written, ...declared].map((place) => [place.path, place]));
    const places: BackupPlace[] = [];
    for (const place of [...named.values()].slice(0, PLACES_MAX)) {
      places.push(await placeOf(context, place, facts.databases));
    }
    return known({ jobs: jobs.map(({ text: _, ...job }) => job), places });
  },
});

/** It lies in the deployment, names its directory or a database of it, or saves the whole server. */
function isOfDatabases(job: FoundJob, directory: string, found: readonly Database[]): boolean {
  if (!job.file.startsWith("/")) return true;
  const paths = job.text.split(/[\s"'=;:()]+/).filter((word) => word.startsWith("/"));
  const words = job.text.split(/[^\w-]+/);
  if (paths.some((path) => isWithin(directory, resolveFrom("/", path)))) return true;
  return found.some(({ shown, sqlite, engine, isLocal }) => {
    if (sqlite !== undefined) {
      const absolute = resolveFrom(directory, sqlite.absolute);
      return paths.some((path) => path !== "/" && isWithin(resolveFrom("/", path), absolute));
    }
    const name = shown.slice(shown.lastIndexOf("/") + 1);
    if (name !== "" && words.includes(name)) return true;
    return isLocal && WHOLE.some(([tool, of]) => of === engine && tool.test(job.text));
  });
}

async function placeOf(
  context: CollectContext,
  { path, from }: { readonly path: string; readonly from: string },
  found: readonly Database[],
): Promise<BackupPlace> {
  const { directory, hostFacts } = context.target;
  const shown = shownPath(directory, path);
  if (!hostFacts) {
    const newest = unknown("not-granted", `${shown} is not looked at (--no-host)`);
    return { path: shown, from, newest };
  }
  const sqlite = found.flatMap((one) => one.sqlite ?? []);
  const isOnDatabaseDevice = await sharesDevice(
    context,
    path,
    sqlite.map(({ absolute }) => directoryOf(resolveFrom(directory, absolute))),
  );
  const newest = await newestIn(context, path, new Set(sqlite.map(({ absolute }) => absolute)));
  return {
    ...{ path: shown, from, newest },
    ...(isOnDatabaseDevice === undefined ? {} : { isOnDatabaseDevice }),
  };
}

async function sharesDevice(
  { host }: CollectContext,
  path: string,
  others: readonly string[],
): Promise<boolean | undefined> {
  if (others.length === 0) return undefined;
  const mounts = await attempt(() => host.readFile("/proc/self/mountinfo", MOUNTINFO_BYTES_MAX));
  if (mounts.state !== "known") return undefined;
  const device = mountOf(mounts.value, path)?.device;
  if (device === undefined) return undefined;
  return others.some((other) => mountOf(mounts.value, other)?.device === device);
}

async function newestIn(
  context: CollectContext,
  path: string,
  live: ReadonlySet<string>,
): Promise<Reading<BackupFile>> {
  const { host, target } = context;
  const entries = await attempt(() => host.readDirEntries(path));
  if (entries.state === "absent") {
    return unknown("unreachable", `${shownPath(target.directory, path)} is not there`);
  }
  if (entries.state === "unknown") return entries;
  const paths = [...filesOf(path, entries.value)];
  for (const { name, kind } of entries.value) {
    if (kind !== "directory" || name.startsWith(".")) continue;
    const below = await attempt(() => host.readDirEntries(`${path}/${name}`));
    if (below.state === "unknown") return below;
    paths.push(...filesOf(`${path}/${name}`, knownValue(below) ?? []));
  }
  if (paths.length > BACKUP_FILES_MAX) {
    return unknown("too-large", `${path} holds more than ${BACKUP_FILES_MAX} files`);
  }
  const kept = paths.filter((each) => !live.has(shownPath(target.directory, each)));
  return newestOf(context, kept);
}

function filesOf(directory: string, entries: readonly DirEntry[]): readonly string[] {
  return entries
    .filter(({ name, kind }) => kind === "file" && !OTHER_FILE.test(name))
    .map(({ name }) => `${directory}/${name}`);
}

async function newestOf(
  { host, target }: CollectContext,
  paths: readonly string[],
): Promise<Reading<BackupFile>> {
  let newest: BackupFile | undefined;
  for (const path of paths) {
    const stat = await attempt(() => host.lstat(path));
    if (stat.state === "unknown") return stat;
    if (stat.state === "absent") continue;
    const { sizeBytes, modifiedMs, mode } = stat.value;
    if (newest !== undefined && newest.modifiedMs >= modifiedMs) continue;
    newest = { path: shownPath(target.directory, path), sizeBytes, modifiedMs, mode };
  }
  return newest === undefined ? absent("it holds no backup") : known(newest);
}
