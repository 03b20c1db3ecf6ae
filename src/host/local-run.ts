import { type ChildProcess, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import type { RunOptions, RunResult } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { abortReason, onAbort, startDeadline } from "./deadline.ts";
import { errnoOf } from "./file-error.ts";

/** Bytes of stdout, and of stderr, that a program may print. */
export const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;

/** Where programs are looked for: never in the audited directory or the caller's own PATH. */
export const PROGRAM_DIRECTORIES = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
] as const;

/** Programs that fetch advisories, and so must know the way out. */
const NETWORK_TOOLS: ReadonlySet<string> = new Set(["pip-audit", "uv", "npm", "osv-scanner"]);
const PROXY_KEYS = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

/** What of the caller's own environment may reach a program. */
export interface CallerEnvironment {
  readonly HOME?: string | undefined;
  readonly [key: string]: string | undefined;
}

/**
 * Runs a program without a shell, in a process group of its own, with a reduced environment.
 * Throws `tool-missing`, `denied`, `timed-out`, `interrupted` or `too-large`; then the whole group is killed.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions,
  caller: CallerEnvironment,
): Promise<RunResult> {
  const file = await locateProgram(program);
  if (options.signal.aborted) throw abortReason(options.signal);
  const child = spawn(file, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: environmentFor(program, caller),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  return finished(child, program, options);
}

function finished(
  child: ChildProcess,
  program: string,
  { timeoutMs, signal }: RunOptions,
): Promise<RunResult> {
  const late = () => new HostError("timed-out", `${program}: no end within ${timeoutMs} ms`);
  const deadline = startDeadline(timeoutMs, signal, late);
  return new Promise<RunResult>((resolve, reject) => {
    const fail = (error: unknown) => {
      killGroup(child);
      child.stdout?.destroy();
      child.stderr?.destroy();
      reject(error);
    };
    const tooLarge = () =>
      fail(new HostError("too-large", `${program}: printed more than ${OUTPUT_BYTES_MAX} bytes`));
    const stdout = gather(child.stdout, tooLarge);
    const stderr = gather(child.stderr, tooLarge);
    onAbort(deadline.signal, fail);
    child.on("error", (error) => fail(spawnError(program, error)));
    child.on("close", (exit) => resolve({ exit, stdout: stdout(), stderr: stderr() }));
  }).finally(() => deadline.clear());
}

function gather(stream: ChildProcess["stdout"], tooLarge: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > OUTPUT_BYTES_MAX) tooLarge();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // Negative: the group, so that what the program started ends with it (kill(2)).
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // The group has ended by itself.
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}

function spawnError(program: string, error: Error): unknown {
  switch (errnoOf(error)) {
    case "ENOENT":
      return missing(program, error);
    case "EACCES":
    case "EPERM":
      return new HostError("denied", `${program}: may not be run`, { cause: error });
    case undefined:
      return error;
    default:
      return new HostError("unsupported", `${program}: cannot be run`, { cause: error });
  }
}

function missing(program: string, cause?: unknown): HostError {
  return new HostError("tool-missing", `${program} is not installed`, {
    reason: "ENOENT",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The program's absolute path. Throws `tool-missing`. */
export async function locateProgram(program: string): Promise<string> {
  if (program.includes("\0")) throw missing("the program");
  if (isAbsolute(program)) return program;
  if (program.includes("/")) throw missing(program);
  for (const directory of PROGRAM_DIRECTORIES) {
    const file = join(directory, program);
    if (await isExecutable(file)) return file;
  }
  throw missing(program);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

function environmentFor(program: string, caller: CallerEnvironment): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: PROGRAM_DIRECTORIES.join(":"),
    HOME: caller.HOME ?? userInfo().homedir,
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
  };
  if (!NETWORK_TOOLS.has(program.slice(program.lastIndexOf("/") + 1))) return environment;
  for (const key of PROXY_KEYS.flatMap((each) => [each, each.toLowerCase()])) {
    const value = caller[key];
    if (value !== undefined) environment[key] = value;
  }
  return environment;
}
