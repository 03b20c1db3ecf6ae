import { HostError } from "../core/reading.ts";

type FileCode = HostError["code"];

/** What an errno of a file system call means for a reading; any other is `unreachable`. */
const CODES: Readonly<Record<string, FileCode>> = {
  EACCES: "denied",
  EPERM: "denied",
  EFBIG: "too-large",
  EISDIR: "unsupported",
  EINVAL: "unsupported",
  ENOTFILE: "unsupported",
  ENXIO: "unsupported",
  ENODEV: "unsupported",
  ENAMETOOLONG: "unsupported",
  ELOOP: "malformed",
  EAGAIN: "unsupported",
};

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EFBIG: "larger than the limit",
  EISDIR: "is a directory",
  EINVAL: "not a link",
  ENOTFILE: "not a regular file",
  ENXIO: "not a regular file",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
};

/** A `HostError` for a failed file operation; `reason` is the errno (`ENOTFILE`: FIFO, device, socket). */
export function fileError(errno: string, path: string, cause?: unknown): HostError {
  return new HostError(CODES[errno] ?? "unreachable", `${path}: ${WORDS[errno] ?? errno}`, {
    reason: errno,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The errno of a thrown system error; `undefined` for anything else, which is then a bug. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
