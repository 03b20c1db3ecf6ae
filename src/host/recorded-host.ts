import { resolve } from "node:path";
import type { FileStat, Host, RunResult } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { fileError } from "./file-error.ts";
import { extendedEntries } from "./local-acl.ts";
import { createRecordedEntries, notRecorded } from "./recorded-entries.ts";
import type { RecordedCommand, RecordedFile, RecordedMeta } from "./recorded-meta.ts";

export interface RecordedHostOptions {
  /** The audited directory, absolute and real. Its files are read for real. */
  readonly root: string;
  /** Without it modes, owners and ACLs are not known. */
  readonly meta?: RecordedMeta;
  /** Names in the root that are no part of the audited tree: the record itself, where it lies there. */
  readonly hidden?: ReadonlySet<string>;
  /** Without it no program was run. */
  readonly commands?: ReadonlyMap<string, RecordedCommand>;
}

/** Who owns what the record does not list, and whom the service runs as (data/deployments/README.md). */
export const SERVICE_ACCOUNT = "svc";

/**
 * A host of which only the audited directory's text is at hand, the rest being recorded (`--recorded`).
 * Anything else that is asked throws `not-recorded`. Directories above the root, and those a recorded link leads
 * through outside of it, are taken as safe: 0755, root:root.
 */
export function createRecordedHost(real: Host, options: RecordedHostOptions): Host {
  const { meta, commands } = options;
  const entries = createRecordedEntries(real, options);
  const openable = async (path: string): Promise<string> => {
    const { content, file } = await entries.at(path);
    if (!file.isReadable) throw fileError("EACCES", path);
    return content;
  };
  const modesOf = (path: string): void => {
    if (meta === undefined) throw notRecorded(`${path}: modes and owners were not recorded`);
  };
  const network = async (): Promise<never> => {
    throw notRecorded("no connection is made when facts are recorded");
  };
  return {
    async readFile(path, bytesMax) {
      return real.readFile(await openable(path), bytesMax);
    },
    async readBytes(path, bytesMax) {
      return real.readBytes(await openable(path), bytesMax);
    },
    async readDir(path) {
      const listed = await real.readDir(await openable(path));
      return listed.filter((name) => !entries.isHidden(resolve(path, name)));
    },
    async readDirEntries(path) {
      const listed = await real.readDirEntries(await openable(path));
      const shown = listed.filter(({ name }) => !entries.isHidden(resolve(path, name)));
      return shown.map((entry) =>
        entries.linkOf(resolve(path, entry.name)) === undefined
          ? entry
          : { ...entry, kind: "link" },
      );
    },
    async stat(path) {
      if (meta !== undefined && entries.isAbove(path)) return SAFE_DIRECTORY;
      const { content, file } = await entries.at(path);
      modesOf(path);
      if (file.isStatDenied) throw fileError("EACCES", path);
      return describe(await real.stat(content), file);
    },
    async lstat(path) {
      if (meta !== undefined && entries.isAbove(path)) return SAFE_DIRECTORY;
      const { stats, file } = await entries.lookAt(path);
      modesOf(path);
      if (file.isStatDenied) throw fileError("EACCES", path);
      return describe(stats, file);
    },
    async readLink(path) {
      const link = entries.linkOf(path);
      if (link !== undefined) return link;
      await entries.lookAt(path);
      return real.readLink(path);
    },
    async realPath(path) {
      return (await entries.at(path)).path;
    },
    async acl(path) {
      if (meta !== undefined && entries.isAbove(path)) return [];
      const { file } = await entries.at(path);
      modesOf(path);
      return extendedEntries(file.acl.join("\n"));
    },
    async run(program, args) {
      return recordedRun(commands, program, args);
    },
    connect: network,
    openStream: network,
    resolve: network,
    handshake: network,
    request: network,
    async addresses() {
      throw notRecorded("the machine's addresses were not recorded");
    },
  };
}

const SAFE_DIRECTORY: FileStat = {
  kind: "directory",
  mode: 0o755,
  sizeBytes: 0,
  modifiedMs: 0,
  owner: "root",
  group: "root",
};

function describe(stats: FileStat, file: RecordedFile): FileStat {
  const usual = stats.kind === "directory" ? 0o755 : stats.kind === "link" ? 0o777 : 0o644;
  return {
    ...stats,
    mode: stats.kind === "link" ? usual : (file.mode ?? usual),
    owner: file.owner ?? SERVICE_ACCOUNT,
    group: file.group ?? SERVICE_ACCOUNT,
  };
}

/** `uv run pip-audit` is answered by `uv`, or by `pip-audit` where `uv` is not told to have failed. */
function recordedRun(
  commands: ReadonlyMap<string, RecordedCommand> | undefined,
  program: string,
  args: readonly string[],
): RunResult {
  const name = program.slice(program.lastIndexOf("/") + 1);
  const runner = commands?.get([name, ...args].join(" ")) ?? commands?.get(name);
  const isRunner = name === "uv" && args[0] === "run";
  const inner = isRunner ? args.slice(1).find((word) => !word.startsWith("-")) : undefined;
  const command =
    runner?.isAvailable === false || runner?.result !== undefined || inner === undefined
      ? runner
      : (commands?.get(inner) ?? runner);
  if (command === undefined) throw notRecorded(`${name} was not run`);
  if (!command.isAvailable) {
    throw new HostError("tool-missing", `${name} is not installed`, { reason: "ENOENT" });
  }
  return command.result ?? { exit: 0, stdout: "", stderr: "" };
}
