import type { Host } from "../core/host.ts";
import { absent, HostError, known, type Reading, unknown } from "../core/reading.ts";

/** Largest env file that is read, 1 MiB: real ones have a few kilobytes. */
export const ENV_FILE_BYTES_MAX = 1_048_576;

const MISSING: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR"]);

/** Whether an error of the host says that the path does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof HostError && MISSING.has(error.reason);
}

/**
 * The text of a regular file, links followed. Absent when it is missing, a dangling link or a
 * directory (a virtual environment may be called `.env`); unknown when it may not or cannot be read.
 */
export async function readEnvText(
  host: Host,
  path: string,
  bytesMax: number = ENV_FILE_BYTES_MAX,
): Promise<Reading<string>> {
  try {
    const { kind, sizeBytes } = await host.stat(path);
    if (kind === "directory") return absent("it is a directory");
    if (kind !== "file") return unknown("unsupported", "it is not a regular file");
    if (sizeBytes > bytesMax) return unknown("too-large", `it is larger than ${bytesMax} bytes`);
    return known(await host.readFile(path, bytesMax));
  } catch (error) {
    if (isMissing(error)) return absent("there is no such file");
    if (error instanceof HostError && error.code !== "interrupted" && error.code !== "timed-out") {
      return unknown(error.code, error.message);
    }
    throw error;
  }
}
