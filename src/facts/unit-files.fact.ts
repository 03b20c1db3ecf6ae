import { type CollectContext, defineSealedFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import {
  mergeUnits,
  parseUnit,
  type SystemdUnit,
  splitUnitWords,
  type UnitEntry,
  unitList,
} from "../parsers/systemd-unit.ts";
import { attempt } from "./attempt.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import {
  baseName,
  directoryOf,
  isOutsideDeployment,
  isWithin,
  resolveFrom,
  shownPath,
} from "./target-path.ts";

/** A systemd service unit that runs, or would run, the audited application. Sealed: `Environment=` may hold secrets. */
export interface UnitFile {
  /** `monitor.service`. */
  readonly name: string;
  /** Where the main file was read: relative when inside the audited directory, else absolute. */
  readonly file: string;
  /** Installed under a systemd directory, or only lying in the audited tree. */
  readonly isInstalled: boolean;
  /** Main file with its drop-ins merged, each assignment with its own file and line. */
  readonly unit: SystemdUnit;
  /** `ListenStream=` of the socket unit of the same name: systemd binds, not the program. */
  readonly sockets?: readonly UnitEntry[];
}

/** Highest precedence first (systemd.unit(5), "Unit File Load Path"). */
const UNIT_DIRECTORIES = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
export const UNIT_BYTES_MAX = 262_144;
/** Unit files read in all: a machine has some hundreds. */
export const UNITS_MAX = 2_000;
const DROP_INS_MAX = 32;
/** Links resolved to see whether a unit means the audited directory under another name. */
const LINKS_MAX = 200;
/** Settings that tie a unit to a directory. */
const PLACE_KEYS =
  /^(?:WorkingDirectory|RootDirectory|EnvironmentFile|Exec(?:Start|StartPre|StartPost|Condition|Reload))$/;
/** Programs of the system: that one is run says nothing about the directory. */
const SYSTEM_PATH =
  /^\/(?:usr\/(?:s?bin|lib|lib64|libexec|share)|s?bin|lib|lib64|dev|proc|sys|etc\/systemd)(?:\/|$)/;

/** Empty when no unit runs anything of the audited directory. */
export const unitFiles = defineSealedFact({
  id: "unit-files",
  title: "Service units of the application",
  access: "read",
  timeoutMs: 5_000,
  wants: { tree: deploymentTree },
  async collect(context, _facts, { tree }): Promise<Reading<readonly UnitFile[]>> {
    const { hostFacts } = context.target;
    const installed = hostFacts ? await installedUnits(context) : { units: [], problem: undefined };
    const names = new Set(installed.units.map(({ name }) => name));
    const own = await treeUnits(context, knownValue(tree));
    const units = [...installed.units, ...own.filter(({ name }) => !names.has(name))];
    if (units.length === 0 && installed.problem !== undefined) return installed.problem;
    if (units.length === 0 && tree.state === "unknown") return tree;
    return known(units);
  },
});

interface Directory {
  readonly path: string;
  readonly names: ReadonlySet<string>;
}

async function installedUnits(context: CollectContext) {
  const directories: Directory[] = [];
  let problem: Reading<never> | undefined;
  for (const path of UNIT_DIRECTORIES) {
    const names = await attempt(() => context.host.readDir(path));
    if (names.state === "known") directories.push({ path, names: new Set(names.value) });
    if (names.state === "unknown") problem = names;
  }
  const units: UnitFile[] = [];
  const links = { left: LINKS_MAX };
  for (const name of serviceNames(directories)) {
    const unit = await installedUnit(context, directories, name, links);
    if (unit !== undefined) units.push(unit);
  }
  return { units, problem };
}

function serviceNames(directories: readonly Directory[]): readonly string[] {
  const names = new Set(directories.flatMap(({ names }) => [...names]));
  return [...names]
    .filter((name) => name.endsWith(".service"))
    .sort()
    .slice(0, UNITS_MAX);
}

async function installedUnit(
  context: CollectContext,
  directories: readonly Directory[],
  name: string,
  links: { left: number },
): Promise<UnitFile | undefined> {
  const main = await readInstalled(context, directories, name);
  if (main === undefined) return undefined;
  const unit = mergeUnits([main.unit, ...(await dropIns(context, directories, name))]);
  if (!(await namesDirectory(context, unit, links))) return undefined;
  const socket = await readInstalled(context, directories, socketName(name));
  return withSockets({ name, file: main.file, isInstalled: true, unit }, socket?.unit);
}

async function readInstalled(
  context: CollectContext,
  directories: readonly Directory[],
  name: string,
) {
  const found = directories.find(({ names }) => names.has(name));
  if (found === undefined) return undefined;
  return readUnit(context, `${found.path}/${name}`);
}

async function readUnit({ host, target }: CollectContext, path: string) {
  // A unit that may not be read, or a link to nowhere, tells nothing of this directory.
  const text = knownValue(await attempt(() => host.readFile(path, UNIT_BYTES_MAX)));
  if (text === undefined) return undefined;
  const file = shownPath(target.directory, path);
  return { file, unit: parseUnit(text, file) };
}

/** `NAME.d/*.conf` and, for an instance, those of its template; by file name, first directory wins. */
async function dropIns(
  context: CollectContext,
  directories: readonly Directory[],
  name: string,
): Promise<readonly SystemdUnit[]> {
  const template = name.replace(/@[^@]+\.service$/, "@.service");
  const folders = directories.flatMap(({ path, names }) =>
    [...new Set([template, name])]
      .map((each) => `${each}.d`)
      .filter((each) => names.has(each))
      .map((each) => `${path}/${each}`),
  );
  const paths = new Map<string, string>();
  for (const folder of folders) {
    const files = knownValue(await attempt(() => context.host.readDir(folder))) ?? [];
    for (const file of files) if (!paths.has(file)) paths.set(file, `${folder}/${file}`);
  }
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return readDropIns(context, sorted);
}

async function readDropIns(
  context: CollectContext,
  paths: readonly string[],
): Promise<readonly SystemdUnit[]> {
  const units: SystemdUnit[] = [];
  for (const path of paths.filter((each) => each.endsWith(".conf")).slice(0, DROP_INS_MAX)) {
    const read = await readUnit(context, path);
    if (read !== undefined) units.push(read.unit);
  }
  return units;
}

async function namesDirectory(
  context: CollectContext,
  unit: SystemdUnit,
  links: { left: number },
): Promise<boolean> {
  const { directory } = context.target;
  const paths = new Set(
    unit.entries
      .filter(({ section, key }) => section === "Service" && PLACE_KEYS.test(key))
      .flatMap(({ value }) => absolutePaths(value)),
  );
  if ([...paths].some((path) => isWithin(directory, path))) return true;
  for (const path of paths) {
    if (links.left <= 0) return false;
    links.left -= 1;
    const real = knownValue(await attempt(() => context.host.realPath(path)));
    if (real !== undefined && isWithin(directory, real)) return true;
  }
  return false;
}

/** Paths a value names, system programs left out: `-/srv/app/.env`, `--chdir=/srv/app`. */
function absolutePaths(value: string): readonly string[] {
  return splitUnitWords(value)
    .flatMap(
      (word) => /^(?:[-@:+!|~]*|-{1,2}[\w-]+=)(\/[^\s:,;&|]*)/.exec(word)?.[1] ?? wordPaths(word),
    )
    .map((path) => resolveFrom("/", path))
    .filter((path) => !SYSTEM_PATH.test(path));
}

/** Paths inside a quoted shell line: `sh -c "cd /srv/app && exec gunicorn"`. */
function wordPaths(word: string): readonly string[] {
  return [...word.matchAll(/(?:^|[\s=])(\/[^\s:,;&|"']+)/g)].flatMap(([, path]) => path ?? []);
}

async function treeUnits(
  context: CollectContext,
  tree: DeploymentTree | undefined,
): Promise<readonly UnitFile[]> {
  const paths = (tree?.files ?? [])
    .map(({ path }) => path)
    .filter((path) => !isOutsideDeployment(path));
  const all = new Set(paths);
  const units: UnitFile[] = [];
  for (const path of paths.filter((each) => each.endsWith(".service")).slice(0, UNITS_MAX)) {
    const main = await readUnit(context, resolveFrom(context.target.directory, path));
    if (!main?.unit.entries.some(({ section }) => section === "Service")) continue;
    const inFolder = paths.filter((each) => directoryOf(each) === `${path}.d`);
    const absolute = inFolder.map((each) => resolveFrom(context.target.directory, each));
    const parts = [main.unit, ...(await readDropIns(context, absolute))];
    const socketPath = socketName(path);
    const socket = all.has(socketPath)
      ? await readUnit(context, resolveFrom(context.target.directory, socketPath))
      : undefined;
    const name = baseName(path);
    units.push(
      withSockets({ name, file: path, isInstalled: false, unit: mergeUnits(parts) }, socket?.unit),
    );
  }
  return units;
}

function socketName(service: string): string {
  return service.replace(/\.service$/, ".socket");
}

function withSockets(unit: UnitFile, socket: SystemdUnit | undefined): UnitFile {
  const sockets = socket === undefined ? [] : unitList(socket, "Socket", "ListenStream");
  return sockets.length === 0 ? unit : { ...unit, sockets };
}
