import type { Dirent, Stats } from "node:fs";
import {
  closeSync,
  constants,
  fstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { lstat, open, opendir, readlink, realpath, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { DirEntry, FileStat, Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import type { Accounts } from "./accounts.ts";
import { errnoOf, fileError } from "./file-error.ts";
import { createFilesAtHand, type FilesAtHand, isOfSystem } from "./files-at-hand.ts";

/** Names listed in one directory; more is `too-large`. */
export const ENTRIES_MAX = 100_000;
const CHUNK_BYTES = 65_536;
const LISTED_AT_ONCE = 256;
/** An entry takes at least 8 bytes of a directory (ext4, tmpfs, btrfs): one of this size holds few enough to be listed whole. */
const SMALL_DIRECTORY_BYTES = 8 * ENTRIES_MAX;

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
  const atHand = createFilesAtHand();
  const describe = async (path: string, read: (path: string) => Promise<Stats>) =>
    statOf(await attempt(path, () => read(path)), await accounts());
  return {
    async readFile(path, bytesMax) {
      return (await attempt(path, () => readBounded(atHand, path, bytesMax))).toString("utf8");
    },
    readBytes: (path, bytesMax) => attempt(path, () => readBounded(atHand, path, bytesMax)),
    stat: (path) => describe(path, async () => atHand.stat(path) ?? stat(path)),
    lstat: (path) => describe(path, lstat),
    readLink: (path) =>
      attempt(path, async () => (isOfSystem(path) ? readlinkSync(path) : readlink(path))),
    realPath: (path) => attempt(path, () => realpath(path)),
    async readDir(path) {
      return (await attempt(path, () => list(atHand, path))).map(({ name }) => name);
    },
    readDirEntries: (path) => attempt(path, () => list(atHand, path)),
  };
}

async function attempt<T>(path: string, operation: () => Promise<T>): Promise<T> {
  // Node throws a TypeError for a path with a NUL; the kernel could not name such a file.
  if (path.includes("\0")) throw fileError("ENOENT", path.replaceAll("\0", "\\0"));
  try {
    await takeTurns();
    return await operation();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined || error instanceof HostError) throw error;
    throw fileError(errno, path, error);
  }
}

/** Milliseconds after which a run of files at hand lets timers and signals have their turn. */
const TURN_MS = 20;
let turnedMs = 0;

/** What is read at once never leaves the event loop by itself: Ctrl-C and time limits would wait for the last file. */
async function takeTurns(): Promise<void> {
  if (performance.now() - turnedMs < TURN_MS) return;
  await setImmediate();
  turnedMs = performance.now();
}

/**
 * Never opens anything but a regular file: a FIFO would block, a device may act on being opened.
 * The kind is looked at before opening and, since the path may be swapped, again on the handle.
 */
async function readBounded(atHand: FilesAtHand, path: string, bytesMax: number): Promise<Buffer> {
  const known = atHand.stat(path);
  if (known !== undefined) return readAtOnce(known, path, bytesMax);
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

function readAtOnce(found: Stats, path: string, bytesMax: number): Buffer {
  requireFile(found, path);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(file);
    requireFile(stats, path);
    if (stats.size > bytesMax) throw fileError("EFBIG", path);
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkLength(stats.size, length, bytesMax));
      const bytesRead = readSync(file, chunk, 0, chunk.length, null);
      if (bytesRead === 0) return Buffer.concat(chunks);
      if (bytesRead === stats.size && bytesRead < chunk.length) return chunk.subarray(0, bytesRead);
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

async function list(atHand: FilesAtHand, path: string): Promise<readonly DirEntry[]> {
  const entries: DirEntry[] = [];
  const take = (entry: Dirent): void => {
    if (entries.length >= ENTRIES_MAX) throw fileError("EFBIG", path);
    entries.push(entryOf(entry));
  };
  const stats = atHand.stat(path);
  if (stats?.isDirectory() === true && stats.size <= SMALL_DIRECTORY_BYTES)
    for (const entry of readdirSync(path, { withFileTypes: true })) take(entry);
  else if (stats?.isDirectory() === true) {
    const directory = opendirSync(path, { bufferSize: LISTED_AT_ONCE });
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
        take(entry);
    } finally {
      directory.closeSync();
    }
  } else for await (const entry of await opendir(path, { bufferSize: LISTED_AT_ONCE })) take(entry);
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
