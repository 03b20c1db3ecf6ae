import { defineSealedFact } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { readCommandLine } from "../parsers/command-line.ts";
import { parseProcEnviron, unitOfCgroup } from "../parsers/proc-pid.ts";
import { attempt } from "./attempt.ts";
import { type ProcessEntry, processes } from "./processes.fact.ts";
import { isWithin, resolveFrom } from "./target-path.ts";
import { unitFiles } from "./unit-files.fact.ts";

/** Environment at exec of the running application. A key missing here may still be loaded later by a dotenv library. */
export interface ProcessEnvironment {
  /** `/proc/10/environ`, or the name of the recorded file. */
  readonly where: string;
  readonly pid?: number;
  readonly variables: readonly (readonly [key: string, value: string])[];
}

/** Arguments and environment together are at most a quarter of the stack limit, 2 MiB as a rule (execve(2)). */
const ENVIRON_BYTES_MAX = 6 * 1024 * 1024;

/** Absent when no process of the application runs; unknown when one does and may not be read. */
export const processEnvironment = defineSealedFact({
  id: "process-environment",
  title: "Environment of the running application",
  access: "read",
  timeoutMs: 5_000,
  wants: { processes, unitFiles },
  async collect({ host, target }, _facts, readings): Promise<Reading<ProcessEnvironment>> {
    if (!target.hostFacts) {
      return unknown("not-recorded", "the environment of the running application was not recorded");
    }
    if (readings.processes.state !== "known") return readings.processes;
    const units = (knownValue(readings.unitFiles) ?? []).map(({ name }) => name);
    const candidates = applicationProcesses(readings.processes.value, {
      directory: target.directory,
      units: new Set(units),
      ownPid: await ownPid(host),
    });
    for (const { pid } of candidates) {
      const where = `/proc/${pid}/environ`;
      const text = await attempt(() => host.readFile(where, ENVIRON_BYTES_MAX));
      if (text.state === "unknown") return text;
      // A process that has ended since is passed over; its successor may be the next one.
      if (text.state === "known") {
        return known({ where, pid, variables: parseProcEnviron(text.value) });
      }
    }
    return absent("no process of the application runs");
  },
});

interface Belonging {
  readonly directory: string;
  readonly units: ReadonlySet<string>;
  /** Plimsoll itself, which with the shell and the pipeline that started it is no part of the application. */
  readonly ownPid: number | undefined;
}

/**
 * Processes of the audited application, the most telling first: of a unit before those found by directory,
 * parents before their children, the oldest before the younger; launchers last.
 */
export function applicationProcesses(
  entries: readonly ProcessEntry[],
  belonging: Belonging,
): readonly ProcessEntry[] {
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
  const own = new Set(lineage(byPid, belonging.ownPid));
  const others = entries.filter(({ pid }) => !own.has(pid));
  const ofUnit = others.filter((entry) => isOfUnit(entry, belonging.units));
  const placed = others.filter(
    (entry) => isApplication(entry) && isPlacedIn(entry, belonging.directory),
  );
  return [...new Set([...eldestFirst(ofUnit), ...eldestFirst(placed)])];
}

/** Programs that start another and may hand it an environment that is not their own. */
const LAUNCHERS: ReadonlySet<string> = new Set(
  "su sudo doas runuser setpriv gosu su-exec chpst env sh bash dash ash tini dumb-init".split(" "),
);

function eldestFirst(entries: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const pids = new Set(entries.map(({ pid }) => pid));
  const generation = ({ name, parent = 0 }: ProcessEntry) =>
    LAUNCHERS.has(name) ? 2 : Number(pids.has(parent));
  return [...entries].sort(
    (a, b) =>
      generation(a) - generation(b) || (a.startedMs ?? 0) - (b.startedMs ?? 0) || a.pid - b.pid,
  );
}

/** The process and its ancestors; a loop in the table ends it. */
function lineage(
  byPid: ReadonlyMap<number, ProcessEntry>,
  pid: number | undefined,
): readonly number[] {
  const pids: number[] = [];
  for (let next = pid; next !== undefined && !pids.includes(next); next = byPid.get(next)?.parent) {
    pids.push(next);
  }
  return pids;
}

function isOfUnit({ cgroup }: ProcessEntry, units: ReadonlySet<string>): boolean {
  const unit = cgroup === undefined ? undefined : unitOfCgroup(cgroup);
  return unit !== undefined && units.has(unit);
}

/** It runs code: a shell, an editor or `git` in the directory is not the application. */
function isApplication({ name, command }: ProcessEntry): boolean {
  return readCommandLine(command).isApplication || readCommandLine(name).isApplication;
}

function isPlacedIn({ directory: own, command }: ProcessEntry, directory: string): boolean {
  if (own !== undefined && isWithin(directory, own)) return true;
  return command
    .split(/[\s=:,]+/)
    .filter((word) => word.startsWith("/"))
    .some((word) => isWithin(directory, resolveFrom("/", word)));
}

async function ownPid(host: Host): Promise<number | undefined> {
  const link = knownValue(await attempt(() => host.readLink("/proc/self"))) ?? "";
  return /^\d+$/.test(link) ? Number(link) : undefined;
}
