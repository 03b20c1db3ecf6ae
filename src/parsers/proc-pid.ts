/** What `/proc/PID/stat` tells (proc_pid_stat(5)). */
export interface ProcStat {
  /** At most 15 bytes; any character, blanks and brackets too. */
  readonly comm: string;
  readonly state: string;
  readonly parent: number;
  /** Clock ticks after boot. */
  readonly startTicks: number;
}

/** `undefined` for text that is not in this form. The name is in brackets and may hold brackets itself. */
export function parseProcStat(text: string): ProcStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 1)
    .trim()
    .split(" ");
  const [state = "", parent = ""] = fields;
  // Field 22 counted from 1; field 3 is the first after the name.
  const start = fields[22 - 3] ?? "";
  if (!/^\d+$/.test(parent) || !/^\d+$/.test(start)) return undefined;
  return {
    comm: text.slice(open + 1, close),
    state,
    parent: Number(parent),
    startTicks: Number(start),
  };
}

/** The effective user id of `/proc/PID/status` (proc_pid_status(5)); the second number of `Uid:`. */
export function parseProcUid(text: string): number | undefined {
  const [, uid] = /^Uid:\s+\d+\s+(\d+)/m.exec(text) ?? [];
  return uid === undefined ? undefined : Number(uid);
}

/** Words of `/proc/PID/cmdline`; a program that rewrote its title gives one word with blanks. */
export function parseProcCommand(text: string): readonly string[] {
  const words = text.replace(/\0+$/, "").split("\0");
  return words.length === 1 && words[0] === "" ? [] : words;
}

/**
 * The path of the most telling hierarchy of `/proc/PID/cgroup` (cgroups(7)): the unified one, else
 * systemd's own, else the first that is not the root.
 */
export function parseProcCgroup(text: string): string | undefined {
  const paths = text
    .split("\n")
    .map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id, controllers, path = ""]) => ({ id, controllers, path }));
  const named = paths.filter(({ path }) => path !== "/");
  const chosen =
    named.find(({ id }) => id === "0") ??
    named.find(({ controllers }) => controllers === "name=systemd") ??
    named[0];
  return chosen?.path;
}

/** The name of the unit in a cgroup path: `/system.slice/monitor.service` is `monitor.service`. */
export function unitOfCgroup(path: string): string | undefined {
  // The innermost one: a user's services lie below `user@1000.service`.
  return path
    .split("/")
    .findLast((word) => word.endsWith(".service"))
    ?.replaceAll("\\x2d", "-");
}

/** Milliseconds since the epoch at which the machine started, from `/proc/stat` (`btime`, seconds). */
export function parseBootMs(text: string): number | undefined {
  const [, seconds] = /^btime (\d+)$/m.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Variables of `/proc/PID/environ`; of one set twice the first counts, as in getenv(3). */
export function parseProcEnviron(text: string): readonly (readonly [key: string, value: string])[] {
  const variables = new Map<string, string>();
  for (const entry of text.split("\0")) {
    const equals = entry.indexOf("=");
    const key = entry.slice(0, equals);
    if (equals > 0 && !variables.has(key)) variables.set(key, entry.slice(equals + 1));
  }
  return [...variables];
}
