import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import {
  BACKUP_TEXT_MAX,
  type BackupCommand,
  readBackupCommand,
} from "../parsers/backup-command.ts";
import type { ComposeProject } from "../parsers/compose.ts";
import { parseUnit, splitUnitWords, unitList, unitValue } from "../parsers/systemd-unit.ts";
import { attempt } from "./attempt.ts";
import {
  baseName,
  directoryOf,
  isOutsideDeployment,
  resolveFrom,
  shownPath,
} from "./target-path.ts";

/** Something that dumps a database by the clock. */
export interface BackupJob {
  readonly kind: "timer" | "cron" | "compose";
  /** `shop-backup.timer`, the cron file's name, the compose service's name. */
  readonly name: string;
  readonly file: string;
  readonly line?: number;
  readonly tool: string;
  /** Absolute directories of this machine that it writes to, as far as they can be told. */
  readonly directories: readonly string[];
  /** Whether it is switched on; `undefined` for what only lies in the audited directory. */
  readonly isActive: boolean | undefined;
}

/** A job with all that it runs, to tell whose database it dumps. */
export interface FoundJob extends BackupJob {
  readonly text: string;
}

/** Cron files, and timers, looked at in one place. */
export const JOB_FILES_MAX = 200;
const SCRIPTS_MAX = 4;

/** Highest precedence first (systemd.unit(5), "Unit File Load Path"). */
const UNIT_DIRECTORIES = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
/** cron(8), run-parts(8), and where the tables of accounts lie on Debian and on Fedora. */
const CRON_TABLES = ["/etc/cron.d", "/var/spool/cron/crontabs", "/var/spool/cron"];
const CRON_SCRIPTS = ["/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly"];
const TREE_CRON = /(?:^|\/)(?:crontab[\w.-]*|[\w.-]+\.(?:cron|crontab)|cron\.d\/[\w-]+)$/;
/** crontab(5): five fields or `@daily`, then the command. */
const CRON_LINE =
  /^\s*(?:@(?:hourly|daily|midnight|weekly|monthly|annually|yearly)|(?:[\d*,/\w-]+\s+){4}[\d*,/\w-]+)\s+(\S.*)$/;
const CRON_VARIABLE = /^\s*[A-Za-z_]\w*\s*=/;
const SCRIPT_WORD =
  /(?:^|[\s;&|"'=(])((?:\/|\.{1,2}\/)?[\w.@-]+(?:\/[\w.@-]+)+|[\w-]+\.sh)(?=$|[\s;&|"')])/g;
const BACKUP_IMAGE = /backup|restic|borgmatic|wal-g|pgbackrest|litestream/i;
const BACKUP_TARGET = /backup|archive|dump/i;

export async function cronJobs(
  context: CollectContext,
  files: readonly string[],
): Promise<readonly FoundJob[]> {
  const own = files.filter((path) => TREE_CRON.test(path) && !isOutsideDeployment(path));
  const jobs: FoundJob[] = [];
  for (const path of own.slice(0, JOB_FILES_MAX)) {
    jobs.push(
      ...(await cronTable(context, resolveFrom(context.target.directory, path), undefined)),
    );
  }
  if (!context.target.hostFacts) return jobs;
  jobs.push(...(await cronTable(context, "/etc/crontab", true)));
  for (const path of await filesIn(context, CRON_TABLES)) {
    jobs.push(...(await cronTable(context, path, true)));
  }
  for (const path of await filesIn(context, CRON_SCRIPTS)) {
    const text = await textOf(context, path);
    jobs.push(...jobOf(context, { kind: "cron", path, isActive: true }, text ?? ""));
  }
  return jobs;
}

/** run-parts(8) and cron leave out names with a dot. */
async function filesIn({ host }: CollectContext, directories: readonly string[]) {
  const paths: string[] = [];
  for (const directory of directories) {
    const names = knownValue(await attempt(() => host.readDir(directory))) ?? [];
    const valid = names.filter((name) => /^[\w-]+$/.test(name)).slice(0, JOB_FILES_MAX);
    paths.push(...valid.map((name) => `${directory}/${name}`));
  }
  return paths;
}

async function cronTable(
  context: CollectContext,
  path: string,
  isActive: true | undefined,
): Promise<readonly FoundJob[]> {
  const lines = ((await textOf(context, path)) ?? "").split("\n");
  const variables = lines.filter((line) => CRON_VARIABLE.test(line)).join("\n");
  const jobs: FoundJob[] = [];
  for (const [index, line] of lines.entries()) {
    const command = CRON_LINE.exec(line)?.[1];
    if (command === undefined) continue;
    // crontab(5): a percent sign of the command is written with a backslash.
    const plain = command.replaceAll("\\%", "%");
    const text = `${variables}\n${plain}\n${await scriptsOf(context, plain, "")}`;
    jobs.push(...jobOf(context, { kind: "cron", path, line: index + 1, isActive }, text));
  }
  return jobs;
}

interface JobPlace {
  readonly kind: BackupJob["kind"];
  readonly path: string;
  readonly line?: number;
  readonly isActive: boolean | undefined;
}

function jobOf(
  { target }: CollectContext,
  { kind, path, line, isActive }: JobPlace,
  text: string,
): readonly FoundJob[] {
  const command: BackupCommand | undefined = readBackupCommand(text);
  if (command === undefined) return [];
  const file = shownPath(target.directory, path);
  const at = line === undefined ? {} : { line };
  return [{ kind, name: baseName(path), file, ...at, ...command, isActive, text }];
}

/** The text of scripts that a command names; of other programs nothing is read. */
async function scriptsOf(
  context: CollectContext,
  command: string,
  workingDirectory: string,
): Promise<string> {
  const inside = /(?:^|[;&|]\s*)cd\s+["']?(\/[^\s"';&|]+)/.exec(command)?.[1];
  const from = inside ?? (workingDirectory || context.target.directory);
  const paths = [...command.matchAll(SCRIPT_WORD)].map(([, path = ""]) => resolveFrom(from, path));
  const texts: string[] = [];
  for (const path of [...new Set(paths)].slice(0, SCRIPTS_MAX)) {
    const text = await textOf(context, path);
    if (text?.startsWith("#!") || (text !== undefined && path.endsWith(".sh"))) texts.push(text);
  }
  return texts.join("\n");
}

/** Outside the audited directory only this machine's own files may be asked for. */
async function textOf({ host, target }: CollectContext, path: string): Promise<string | undefined> {
  if (!target.hostFacts && shownPath(target.directory, path).startsWith("/")) return undefined;
  return knownValue(await attempt(() => host.readFile(path, BACKUP_TEXT_MAX)));
}

export async function timerJobs(
  context: CollectContext,
  files: readonly string[],
): Promise<readonly FoundJob[]> {
  const { directory, hostFacts } = context.target;
  const installed = hostFacts ? await installedTimers(context) : new Map<string, boolean>();
  const jobs: FoundJob[] = [];
  for (const [name, isActive] of installed) {
    jobs.push(...(await timerJob(context, UNIT_DIRECTORIES, name, isActive)));
  }
  const own = files.filter((path) => path.endsWith(".timer") && !isOutsideDeployment(path));
  for (const path of own.slice(0, JOB_FILES_MAX)) {
    if (installed.has(baseName(path))) continue;
    const folder = directoryOf(resolveFrom(directory, path));
    jobs.push(...(await timerJob(context, [folder], baseName(path), undefined)));
  }
  return jobs;
}

/** Names of timers, and whether something wants them: `systemctl enable` makes that link. */
async function installedTimers({ host }: CollectContext): Promise<ReadonlyMap<string, boolean>> {
  const list = async (path: string) => knownValue(await attempt(() => host.readDir(path))) ?? [];
  const installed: string[] = [];
  const wanted: string[] = [];
  for (const directory of UNIT_DIRECTORIES) {
    const names = await list(directory);
    installed.push(...names.filter(isTimer).slice(0, JOB_FILES_MAX));
    for (const folder of names.filter((each) => /\.(?:wants|requires)$/.test(each))) {
      wanted.push(...(await list(`${directory}/${folder}`)).filter(isTimer));
    }
  }
  return new Map([
    ...installed.map((name) => [name, false] as const),
    ...wanted.map((name) => [name, true] as const),
  ]);
}

/** A template runs only as an instance. */
function isTimer(name: string): boolean {
  return name.endsWith(".timer") && !name.endsWith("@.timer");
}

async function timerJob(
  context: CollectContext,
  directories: readonly string[],
  name: string,
  isWanted: boolean | undefined,
): Promise<readonly FoundJob[]> {
  const timer = await unitOf(context, directories, name);
  if (timer === undefined) return [];
  const service =
    unitValue(timer.unit, "Timer", "Unit")?.value ?? name.replace(/\.timer$/, ".service");
  const found = await unitOf(context, directories, service);
  if (found === undefined) return [];
  const commands = unitList(found.unit, "Service", "ExecStart").map(({ value }) => value);
  const environment = unitList(found.unit, "Service", "Environment").flatMap(({ value }) =>
    splitUnitWords(value),
  );
  const workingDirectory = unitValue(found.unit, "Service", "WorkingDirectory")?.value ?? "";
  const scripts = await scriptsOf(context, commands.join("\n"), workingDirectory);
  const text = [...environment, ...commands, scripts, workingDirectory].join("\n");
  // A masked timer is a link to /dev/null: it has no section.
  const isEmpty = timer.unit.entries.length === 0;
  return jobOf(
    context,
    {
      kind: "timer",
      path: timer.path,
      isActive: isEmpty && isWanted !== undefined ? false : isWanted,
    },
    text,
  );
}

async function unitOf(context: CollectContext, directories: readonly string[], name: string) {
  const template = name.replace(/@[^@]+\.(\w+)$/, "@.$1");
  for (const each of new Set([name, template])) {
    for (const directory of directories) {
      const path = `${directory}/${each}`;
      const text = await textOf(context, path);
      if (text !== undefined) return { path, unit: parseUnit(text, path) };
    }
  }
  return undefined;
}

/** Services of the project whose image or command makes backups. */
export function composeJobs(directory: string, project: ComposeProject): readonly FoundJob[] {
  return project.services.flatMap((service) => {
    const { name, file, line, image = "", command, volumes, profiles = [] } = service;
    const dump = readBackupCommand(command);
    if (dump === undefined && !BACKUP_IMAGE.test(image)) return [];
    const folder = directoryOf(resolveFrom(directory, file));
    const written = dump?.directories ?? [];
    const directories = volumes
      .filter(({ source }) => /^[./]/.test(source))
      .filter(({ target }) => written.includes(target) || BACKUP_TARGET.test(target))
      .map(({ source }) => resolveFrom(folder, source));
    const isActive = profiles.length === 0 ? true : undefined;
    const job = { kind: "compose", name, file, line, tool: dump?.tool ?? image } as const;
    return [{ ...job, directories, isActive, text: command }];
  });
}
