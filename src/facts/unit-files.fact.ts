import { type CollectContext, defineSealedFact } from "../core/fact.ts";
import { known, knownValue, type Problem, type Reading } from "../core/reading.ts";
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
  /** The file, or a drop-in of it, could not be read: what stands there is not in `unit`. */
  readonly problem?: { readonly file: string; readonly problem: Problem };
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
    const installed = hostFacts ? await installedUnits(context) : NOT_ASKED;
    const names = new Set(installed.units.map(({ name }) => name));
    const own = await treeUnits(context, knownValue(tree));
    const found = [...installed.units, ...own.filter(({ name }) => !names.has(name))];
    // A unit that may not be read could be the one that runs this directory, where no other does.
    const units = found.length > 0 ? found : installed.denied;
    if (units.length === 0 && installed.problem !== undefined) return installed.problem;
    if (units.length === 0 && tree.state === "unknown") return tree;
    return known(units);
  },
});

interface Installed {
  readonly units: readonly UnitFile[];
  /** Units that may be read by others only. */
  readonly denied: readonly UnitFile[];
  readonly problem: Reading<never> | undefined;
}

const NOT_ASKED: Installed = { units: [], denied: [], problem: undefined };

interface Directory {
  readonly path: string;
  readonly names: ReadonlySet<string>;
}

async function installedUnits(context: CollectContext): Promise<Installed> {
  const directories: Directory[] = [];
  let problem: Reading<never> | undefined;
  for (const path of UNIT_DIRECTORIES) {
    const names = await attempt(() => context.host.readDir(path));
    if (names.state === "known") directories.push({ path, names: new Set(names.value) });
    if (names.state === "unknown") problem = names;
  }
  const units: UnitFile[] = [];
  const denied: UnitFile[] = [];
  const links = { left: LINKS_MAX };
  for (const name of serviceNames(directories)) {
    const unit = await installedUnit(context, directories, name, links);
    if (unit?.unit.entries.length === 0) denied.push(unit);
    else if (unit !== undefined) units.push(unit);
  }
  return { units, denied, problem };
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
  if (main.problem?.code === "denied") return unreadUnit(name, main.file, main.problem, true);
  // Masked: a link to /dev/null.
  if (main.problem !== undefined) return undefined;
  const parts = await dropIns(context, directories, name);
  const unit = mergeUnits([main, ...parts].map((part) => part.unit));
  if (!(await namesDirectory(context, unit, links))) return undefined;
  const socket = await readInstalled(context, directories, socketName(name));
  const file: UnitFile = { name, file: main.file, isInstalled: true, unit, ...hiddenIn(parts) };
  return withSockets(file, socket?.unit);
}

/** It was listed a moment ago. */
const NOWHERE: Problem = { code: "unreachable", detail: "it is a link to nowhere" };

function unreadUnit(name: string, file: string, problem: Problem, isInstalled: boolean): UnitFile {
  return { name, file, isInstalled, unit: { entries: [] }, problem: { file, problem } };
}

function hiddenIn(parts: readonly UnitText[]): Pick<UnitFile, "problem"> {
  const hidden = parts.find(({ problem }) => problem !== undefined);
  return hidden?.problem === undefined
    ? {}
    : { problem: { file: hidden.file, problem: hidden.problem } };
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

interface UnitText {
  readonly file: string;
  /** Without entries where it could not be read. */
  readonly unit: SystemdUnit;
  readonly problem?: Problem;
}

/** `undefined` for a file that is not there. */
async function readUnit(
  { host, target }: CollectContext,
  path: string,
): Promise<UnitText | undefined> {
  const text = await attempt(() => host.readFile(path, UNIT_BYTES_MAX));
  if (text.state === "absent") return undefined;
  const file = shownPath(target.directory, path);
  if (text.state === "unknown") return { file, unit: { entries: [] }, problem: text.problem };
  const unit = parseUnit(text.value, file);
  const isText =
    !text.value.includes("\0") && (unit.entries.length > 0 || !text.value.includes("\uFFFD"));
  if (isText) return { file, unit };
  return { file, unit, problem: { code: "malformed", detail: `${path}: is no text` } };
}

/** `NAME.d/*.conf` and, for an instance, those of its template; by file name, first directory wins. */
async function dropIns(
  context: CollectContext,
  directories: readonly Directory[],
  name: string,
): Promise<readonly UnitText[]> {
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
): Promise<readonly UnitText[]> {
  const units: UnitText[] = [];
  for (const path of paths.filter((each) => each.endsWith(".conf")).slice(0, DROP_INS_MAX)) {
    const read = await readUnit(context, path);
    if (read !== undefined) units.push(read);
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
    const problem = main === undefined ? NOWHERE : main.problem;
    if (problem !== undefined) units.push(unreadUnit(baseName(path), path, problem, false));
    if (problem !== undefined) continue;
    if (!main?.unit.entries.some(({ section }) => section === "Service")) continue;
    const inFolder = paths.filter((each) => directoryOf(each) === `${path}.d`);
    const absolute = inFolder.map((each) => resolveFrom(context.target.directory, each));
    const parts = await readDropIns(context, absolute);
    const socketPath = socketName(path);
    const socket = all.has(socketPath)
      ? await readUnit(context, resolveFrom(context.target.directory, socketPath))
      : undefined;
    const unit = mergeUnits([main, ...parts].map((part) => part.unit));
    const file = { name: baseName(path), file: path, isInstalled: false, unit, ...hiddenIn(parts) };
    units.push(withSockets(file, socket?.unit));
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
