import { lstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { readMountTable } from "../core/mount-table.ts";

/** The kernel's own files, and the machine's own configuration, which lies on its root file system. */
const OF_SYSTEM = ["/proc/", "/etc/", "/usr/lib/", "/lib/", "/run/systemd/"] as const;

/** File systems (`mountinfo`'s names) whose answers depend on this machine alone. */
const LOCAL: ReadonlySet<string> = new Set(
  "bcachefs btrfs erofs exfat ext2 ext3 ext4 f2fs jfs ntfs3 overlay ramfs rootfs squashfs tmpfs vfat xfs zfs".split(
    " ",
  ),
);
const MOUNT_TABLE = "/proc/self/mountinfo";

/** Answers for paths whose reading can hang the audit only by hanging the machine. */
export interface FilesAtHand {
  /**
   * What lies at the path, asked without the thread pool; `undefined` where the path is not at hand: it must be asked
   * for in a way that can be given up. Throws what the file system throws.
   */
  stat(path: string): Stats | undefined;
}

/**
 * Through the thread pool a small file costs six hand-overs, several times the work itself; but the audited
 * directory may lie on a dead network mount, whose first question never returns. So a path is at hand where the
 * table of mounts puts it on a local file system, it is no link, and every directory above it was found to be none.
 */
export function createFilesAtHand(table: string = readTable()): FilesAtHand {
  const mounts = new Map(
    readMountTable(table).map(({ point, type = "" }) => [point, LOCAL.has(type)] as const),
  );
  const directories = new Map<string, boolean>([["", mounts.get("/") === true]]);
  const isLocal = (path: string): boolean =>
    isDirectory(parentOf(path)) && mounts.get(path) !== false;
  const isDirectory = (path: string): boolean => {
    const known = directories.get(path);
    if (known !== undefined) return known;
    const isAtHand =
      isLocal(path) && lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    directories.set(path, isAtHand);
    return isAtHand;
  };
  return {
    stat(path) {
      if (isOfSystem(path)) return statSync(path);
      // What is not written as the kernel would write it may lead anywhere.
      if (!path.startsWith("/") || UNRESOLVED.test(path) || !isLocal(path)) return undefined;
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats?.isSymbolicLink() === false ? stats : undefined;
    },
  };
}

/** Whether the path lies where the system keeps its own. */
export function isOfSystem(path: string): boolean {
  return OF_SYSTEM.some((prefix) => path.startsWith(prefix));
}

const UNRESOLVED = /\/(?:\.{0,2}\/|\.{0,2}$)|\0/;

function readTable(): string {
  try {
    return readFileSync(MOUNT_TABLE, "utf8");
  } catch {
    return "";
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
