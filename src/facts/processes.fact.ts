import { defineFact } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import { maskCommandLine as maskWords } from "../parsers/command-line/mask.ts";
import { parseAccountNames } from "../parsers/passwd.ts";
import {
  parseBootMs,
  parseProcCgroup,
  parseProcCommand,
  parseProcStat,
  parseProcUid,
} from "../parsers/proc-pid.ts";
import { attempt } from "./attempt.ts";
import { baseName } from "./target-path.ts";

export interface ProcessEntry {
  readonly pid: number;
  /** `/proc/PID/comm`, or the base name of the program. */
  readonly name: string;
  /** The command line, secrets masked, words joined by blanks. */
  readonly command: string;
  readonly user: string;
  readonly parent?: number;
  /** The working directory, where it may be read. */
  readonly directory?: string;
  /** Unit or container from `/proc/PID/cgroup`, as written there. */
  readonly cgroup?: string;
  /** When it started, milliseconds since the epoch. */
  readonly startedMs?: number;
}

/** More is `too-large`: half a list would say that the other half does not run. */
export const PROCESSES_MAX = 20_000;
const READ_AT_ONCE = 32;
/** A command line may be 2 MiB (execve(2)); what is longer than this is cut by the mask anyway. */
const COMMAND_BYTES_MAX = 4 * 1024 * 1024;
const PROC_BYTES_MAX = 65_536;
const ACCOUNTS_BYTES_MAX = 4 * 1024 * 1024;
/** `USER_HZ`: 100 on every architecture this runs on (time(7)). */
const TICK_MS = 10;

export const processes = defineFact({
  id: "processes",
  title: "Running processes",
  access: "read",
  timeoutMs: 5_000,
  async collect({ host, target, signal }): Promise<Reading<readonly ProcessEntry[]>> {
    if (!target.hostFacts) return unknown("not-recorded", "processes were not recorded");
    const pids = await listPids(host);
    if (pids.state !== "known") return pids;
    const machine = await readMachine(host);
    const entries: ProcessEntry[] = [];
    for (let start = 0; start < pids.value.length; start += READ_AT_ONCE) {
      signal.throwIfAborted();
      const some = pids.value.slice(start, start + READ_AT_ONCE);
      const read = await Promise.all(some.map((pid) => readProcess(host, pid, machine)));
      entries.push(...read.filter((entry) => entry !== undefined));
    }
    return known(entries);
  },
});

/** Every process id, ascending. Unknown where there is no `/proc`, or too many to read. */
export async function listPids(host: Host): Promise<Reading<readonly number[]>> {
  const names = await attempt(() => host.readDir("/proc"));
  if (names.state === "unknown") return names;
  const pids = (knownValue(names) ?? []).filter((name) => /^\d{1,10}$/.test(name)).map(Number);
  if (pids.length === 0) return unknown("unsupported", "/proc lists no processes");
  if (pids.length > PROCESSES_MAX) {
    return unknown("too-large", `/proc lists more than ${PROCESSES_MAX} processes`);
  }
  return known(pids.sort((a, b) => a - b));
}

interface Machine {
  readonly users: ReadonlyMap<number, string>;
  readonly bootMs: number | undefined;
}

async function readMachine(host: Host): Promise<Machine> {
  const [users, stat] = await Promise.all([
    readUserNames(host),
    attempt(() => host.readFile("/proc/stat", COMMAND_BYTES_MAX)),
  ]);
  return { users, bootMs: parseBootMs(knownValue(stat) ?? "") };
}

/** Account names by id; empty when they cannot be read, ids then stand for themselves. */
export async function readUserNames(host: Host): Promise<ReadonlyMap<number, string>> {
  const text = await attempt(() => host.readFile("/etc/passwd", ACCOUNTS_BYTES_MAX));
  return parseAccountNames(knownValue(text) ?? "");
}

/** `undefined` for a process that has ended since, a zombie, or a thread of the kernel: none of them has a command line. */
async function readProcess(
  host: Host,
  pid: number,
  { users, bootMs }: Machine,
): Promise<ProcessEntry | undefined> {
  const read = async (name: string, bytesMax: number) =>
    knownValue(await attempt(() => host.readFile(`/proc/${pid}/${name}`, bytesMax)));
  const [command = "", statText = "", status = "", cgroupText = "", directory] = await Promise.all([
    read("cmdline", COMMAND_BYTES_MAX),
    read("stat", PROC_BYTES_MAX),
    read("status", PROC_BYTES_MAX),
    read("cgroup", PROC_BYTES_MAX),
    attempt(() => host.readLink(`/proc/${pid}/cwd`)).then(knownValue),
  ]);
  const words = parseProcCommand(command);
  const stat = parseProcStat(statText);
  const uid = parseProcUid(status);
  const cgroup = parseProcCgroup(cgroupText);
  if (words.length === 0 || stat === undefined || uid === undefined) return undefined;
  return {
    pid,
    name: nameOf(words, stat.comm),
    command: maskCommandLine(words.join(" ")),
    user: users.get(uid) ?? String(uid),
    ...(stat.parent > 0 && { parent: stat.parent }),
    ...(directory !== undefined && { directory }),
    ...(cgroup !== undefined && { cgroup }),
    ...(bootMs !== undefined && { startedMs: bootMs + stat.startTicks * TICK_MS }),
  };
}

/**
 * The kernel's name of the process where it is the program's or its script's; a thread of the program
 * may have renamed it (Node calls itself `MainThread`), and then the program's own name counts.
 */
function nameOf(words: readonly string[], comm: string): string {
  const [program = ""] = words;
  const names = words.slice(0, 3).map(baseName);
  const isTelling = [program, ...names].some((name) => comm !== "" && name.startsWith(comm));
  return isTelling ? comm : baseName(program) || comm;
}

/** Far more than is ever shown. */
const JSON_CHARS_MAX = 65_536;
/** Programs that take the password right after `-p` (mysql(1)), or as the word after a flag. */
const ATTACHED_PASSWORD =
  /((?:^|[\s/])(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\s(?:[^\n]*?\s)?-p)[^\s-][^\s]*/g;
const FLAG_PASSWORD =
  /((?:^|[\s/])(?:redis-cli|sshpass|redis-benchmark)\s(?:[^\n]*?\s)?-[ap] ?)[^\s]+/g;

/** `"API_TOKEN": "…"`: settings handed over as JSON. */
const JSON_MEMBER = /"([A-Za-z_][A-Za-z0-9_-]{0,128})"(\s{0,8}:\s{0,8})"(?:[^"\\]|\\.)*"?/gs;

/** A command line with its secrets masked: those the common forms tell, and the flags that only some programs have. */
export function maskCommandLine(command: string): string {
  const plain = command
    .slice(0, JSON_CHARS_MAX)
    .replace(JSON_MEMBER, (whole, name: string, colon: string) =>
      isSecretName(name.replaceAll("-", "_")) ? `"${name}"${colon}"***"` : whole,
    );
  return maskWords(plain).replace(ATTACHED_PASSWORD, "$1***").replace(FLAG_PASSWORD, "$1***");
}
