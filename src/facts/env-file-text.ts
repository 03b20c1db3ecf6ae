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
 * Its modes are not asked for: they may be unknown where the text is not.
 */
export async function readEnvText(
  host: Host,
  path: string,
  bytesMax: number = ENV_FILE_BYTES_MAX,
): Promise<Reading<string>> {
  try {
    return known(await host.readFile(path, bytesMax));
  } catch (error) {
    if (isMissing(error)) return absent("there is no such file");
    if (error instanceof HostError && error.reason === "EISDIR") {
      return absent("it is a directory");
    }
    if (error instanceof HostError && error.code !== "interrupted" && error.code !== "timed-out") {
      return unknown(error.code, error.message);
    }
    throw error;
  }
}

/** The text of an env file in use; unknown as well where it holds none, so that what it sets is not known. */
export async function readEnvFile(host: Host, path: string): Promise<Reading<string>> {
  const reading = await readEnvText(host, path);
  return reading.state === "known" && isBinary(reading.value)
    ? unknown("malformed", "it holds no text (UTF-16 or binary data)")
    : reading;
}

/** A stray byte or two is a damaged line, which the readers of env files judge; more is no text at all. */
const STRANGE_MIN = 8;
const STRANGE_SHARE = 1 / 16;

/** Whether NUL, and U+FFFD for what is not UTF-8, make up more of it than any text holds. */
export function isBinary(text: string): boolean {
  const strange = text.match(/[\0\uFFFD]/g)?.length ?? 0;
  return strange >= STRANGE_MIN && strange > text.length * STRANGE_SHARE;
}
