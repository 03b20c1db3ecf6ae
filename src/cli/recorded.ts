import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Host } from "../core/host.ts";
import { HostError, known, type Reading, unknown } from "../core/reading.ts";
import { listenersFromProcNet } from "../facts/listeners.fact.ts";
import { maskCommandLine } from "../facts/processes.fact.ts";
import {
  recordedListeners,
  recordedNet,
  recordedProcessEnvironment,
  recordedProcesses,
} from "../host/recorded-facts.ts";
import { createRecordedHost, SERVICE_ACCOUNT } from "../host/recorded-host.ts";
import { recordedCommands, recordedMeta } from "../host/recorded-meta.ts";
import { UsageError } from "./io.ts";

/** What `--recorded DIR` puts in the machine's place. */
interface Recorded {
  readonly host: Host;
  readonly preset: ReadonlyMap<string, Reading<unknown>>;
}

/** Whom a recorded service runs as. */
export const RECORDED_ACCOUNT = SERVICE_ACCOUNT;

const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Loads recorded facts; a file that is missing is a fact that was not delivered, hence unknown.
 * Throws `UsageError` for one that is malformed.
 */
export function loadRecorded(real: Host, directory: string, root: string): Recorded {
  const read = <T>(name: string, parse: (text: string, file: string) => T): T | undefined =>
    readRecorded(join(directory, name), parse);
  const meta = read("meta.json", recordedMeta);
  const commands = read("commands.json", recordedCommands);
  const net = read("net.json", recordedNet);
  const processes = read("processes.json", (text, file) =>
    recordedProcesses(text, file, maskCommandLine),
  );
  const missing = (what: string) => unknown("not-recorded", `${what} were not recorded`);
  const readingOf = <T>(value: T | undefined, what: string): Reading<T> =>
    value === undefined ? missing(what) : known(value);
  const host = createRecordedHost(real, {
    root,
    ...(meta !== undefined && { meta }),
    ...(commands !== undefined && { commands }),
    ...(realpathSync(directory) === root && { hidden: FACT_FILES }),
  });
  const preset = new Map<string, Reading<unknown>>([
    [
      "listeners",
      readingOf(
        read("listeners.json", maskedListeners) ?? recordedSockets(directory),
        "listening sockets",
      ),
    ],
    ["processes", readingOf(processes, "processes")],
    [
      "process-environment",
      readingOf(read("process-env.json", recordedProcessEnvironment), "the process's variables"),
    ],
  ]);
  // Without HUB_URL these two are absent, recorded or not: only a record replaces them.
  if (net !== undefined)
    preset.set("hub-connection", net.connection).set("hub-certificate", net.certificate);
  return { host, preset };
}

function maskedListeners(text: string, file: string): ReturnType<typeof recordedListeners> {
  return recordedListeners(text, file).map((each) =>
    each.command === undefined ? each : { ...each, command: maskCommandLine(each.command) },
  );
}

/** Fact files are never part of the audited tree, also where a record is audited in place. */
const FACT_FILES: ReadonlySet<string> = new Set([
  "meta.json",
  "process-env.json",
  "listeners.json",
  "processes.json",
  "commands.json",
  "net.json",
  "sockets",
  "truth.json",
]);

/** `sockets/tcp` and `sockets/tcp6` in the form of /proc/net. */
function recordedSockets(directory: string): ReturnType<typeof listenersFromProcNet> | undefined {
  const texts = ["tcp", "tcp6"].map((name) =>
    readRecorded(join(directory, "sockets", name), (text) => text),
  );
  if (texts.every((text) => text === undefined)) return undefined;
  return listenersFromProcNet({ tcp: texts[0] ?? "", tcp6: texts[1] ?? "" });
}

function readRecorded<T>(path: string, parse: (text: string, file: string) => T): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new UsageError(`${path}: not a regular file`);
    if (stats.size > BYTES_MAX) throw new UsageError(`${path}: larger than ${BYTES_MAX} bytes`);
    return parse(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (error instanceof HostError) throw new UsageError(error.message, { cause: error });
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the recorded facts: ${reason}`, { cause: error });
  }
}
