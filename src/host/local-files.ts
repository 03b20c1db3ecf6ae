import type { Dirent, Stats } from "node:fs";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from "node:fs";
import { lstat, open, opendir, readlink, realpath, stat } from "node:fs/promises";
import type { DirEntry, FileStat, Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import type { Accounts } from "./accounts.ts";
import { errnoOf, fileError } from "./file-error.ts";

/** Names listed in one directory; more is `too-large`. */
export const ENTRIES_MAX = 100_000;
const CHUNK_BYTES = 65_536;

type FileDoor = Pick<
  Host,
  | "readFile"
  | "readBytes"
  | "stat"
  | "lstat"
  | "readLink"
  | "realPath"
  | "readDir"
  | "readDirEntries"
>;

/** The file members of a local host. `accounts` names owners and groups. */
export function createLocalFiles(accounts: () => Promise<Accounts>): FileDoor {
  const describe = async (path: string, read: (path: string) => Promise<Stats>) =>
    statOf(await attempt(path, () => read(path)), await accounts());
  return {
    async readFile(path, bytesMax) {
      return (await attempt(path, () => readBounded(path, bytesMax))).toString("utf8");
    },
    readBytes: (path, bytesMax) => attempt(path, () => readBounded(path, bytesMax)),
    stat: (path) => describe(path, stat),
    lstat: (path) => describe(path, lstat),
    readLink: (path) =>
      attempt(path, async () => (isAtHand(path) ? readlinkSync(path) : readlink(path))),
    realPath: (path) => attempt(path, () => realpath(path)),
    async readDir(path) {
      return (await attempt(path, () => list(path))).map(({ name }) => name);
    },
    readDirEntries: (path) => attempt(path, () => list(path)),
  };
}

async function attempt<T>(path: string, operation: () => Promise<T>): Promise<T> {
  // Node throws a TypeError for a path with a NUL; the kernel could not name such a file.
  if (path.includes("\0")) throw fileError("ENOENT", path.replaceAll("\0", "\\0"));
  try {
    return await operation();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined || error instanceof HostError) throw error;
    throw fileError(errno, path, error);
  }
}

/**
 * Never opens anything but a regular file: a FIFO would block, a device may act on being opened.
 * The kind is looked at before opening and, since the path may be swapped, again on the handle.
 */
async function readBounded(path: string, bytesMax: number): Promise<Buffer> {
  if (isAtHand(path)) return readAtOnce(path, bytesMax);
  requireFile(await stat(path), path);
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = await handle.stat();
    requireFile(stats, path);
    if (stats.size > bytesMax) throw fileError("EFBIG", path);
    // Files of /proc and /sys have size 0 whatever they hold, so the end is found by reading.
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkLength(stats.size, length, bytesMax));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      // All that it was said to hold, and there was room for more: the end, without asking once more.
      if (bytesRead === stats.size && bytesRead < chunk.length) return chunk.subarray(0, bytesRead);
      length += bytesRead;
      if (length > bytesMax) throw fileError("EFBIG", path);
      chunks.push(chunk.subarray(0, bytesRead));
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

/** Room for a whole file and one byte, so that its end shows; for one without a size, a piece of it. */
function chunkLength(sizeBytes: number, readBytes: number, bytesMax: number): number {
  const wanted = readBytes === 0 && sizeBytes > 0 ? sizeBytes + 1 : CHUNK_BYTES;
  return Math.min(wanted, bytesMax - readBytes + 1);
}

/** The kernel's own files, and the machine's own configuration, which lies on its root file system. */
const AT_HAND = ["/proc/", "/etc/", "/usr/lib/", "/lib/", "/run/systemd/"] as const;

/**
 * Hundreds of small files are read there, none of which can hang the audit without hanging the
 * machine. Through the thread pool each costs six hand-overs, several times the work itself. The
 * audited directory may lie on a dead network mount, so it is never read this way.
 */
function isAtHand(path: string): boolean {
  return AT_HAND.some((prefix) => path.startsWith(prefix));
}

function readAtOnce(path: string, bytesMax: number): Buffer {
  requireFile(statSync(path), path);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    requireFile(fstatSync(file), path);
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytesMax - length + 1));
      const bytesRead = readSync(file, chunk, 0, chunk.length, null);
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > bytesMax) throw fileError("EFBIG", path);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    closeSync(file);
  }
}

function requireFile(stats: Stats, path: string): void {
  if (stats.isDirectory()) throw fileError("EISDIR", path);
  if (!stats.isFile()) throw fileError("ENOTFILE", path);
}

async function list(path: string): Promise<readonly DirEntry[]> {
  if (isAtHand(path)) return readdirSync(path, { withFileTypes: true }).map(entryOf).sort(byName);
  const entries: DirEntry[] = [];
  const directory = await opendir(path, { bufferSize: 256 });
  for await (const entry of directory) {
    if (entries.length >= ENTRIES_MAX) throw fileError("EFBIG", path);
    entries.push(entryOf(entry));
  }
  return entries.sort(byName);
}

function entryOf(entry: Dirent): DirEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

function byName(a: DirEntry, b: DirEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function kindOf(entry: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): FileStat["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

function statOf(stats: Stats, accounts: Accounts): FileStat {
  return {
    kind: kindOf(stats),
    mode: stats.mode & 0o7777,
    sizeBytes: stats.size,
    modifiedMs: Math.trunc(stats.mtimeMs),
    owner: accounts.user(stats.uid),
    group: accounts.group(stats.gid),
  };
}
