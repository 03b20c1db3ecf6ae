import { defineFact } from "../core/fact.ts";
import type { DirEntry, Host } from "../core/host.ts";
import { known, type ProblemCode, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";

/** The files of the audited directory, bounded in number and depth; dependencies are left out. */
export interface DeploymentTree {
  /** Sorted, relative to the audited directory, `/` as separator. Links are listed, not followed out of it. */
  readonly files: readonly TreeFile[];
  /** Directories relative to the root, same bounds. */
  readonly directories: readonly string[];
  /** Whether a limit cut the walk: what is missing here is then not proven to be missing. */
  readonly isTruncated: boolean;
  /** Directories that could not be listed, and FIFOs, sockets and devices named as what is read (`unsupported`). */
  readonly unreadable: readonly { readonly path: string; readonly code: ProblemCode }[];
}

export interface TreeFile {
  readonly path: string;
  readonly kind: "file" | "link";
}

/** Files, links included, that are listed. */
export const FILES_MAX = 50_000;
export const DIRECTORIES_MAX = 20_000;
/** Directories below the root that are entered. */
export const DEPTH_MAX = 16;
/** Directories listed at once. */
const LISTED_AT_ONCE = 32;

/** Dependencies, version control and caches: not of the deployment's own making. */
const SKIPPED: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  "site-packages",
  ".tox",
  ".nox",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
]);
/** What facts open by its name: anything but a regular file there hides something. */
const READ_BY_NAME = /\.(?:py|service|ya?ml)$/;
const SPECIAL_MAX = 100;
/** Names that are a virtual environment only where the marker of PEP 405 lies in them. */
const MAYBE_VIRTUAL: ReadonlySet<string> = new Set(["env", "ENV", ".env", "virtualenv"]);

export const deploymentTree = defineFact({
  id: "deployment-tree",
  title: "Files of the deployment",
  access: "read",
  timeoutMs: 10_000,
  collect: async ({ host, target, signal }) => walkTree(host, target.directory, signal),
});

/** The files under a directory, within the same bounds. */
export async function walkTree(
  host: Host,
  directory: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Reading<DeploymentTree>> {
  const root = await attempt(() => host.readDirEntries(directory));
  if (root.state !== "known") return root;
  const walk = startWalk();
  take(walk, "", root.value);
  for (let depth = 1; walk.pending.length > 0; depth += 1) {
    const level = walk.pending;
    walk.pending = [];
    if (depth > DEPTH_MAX) {
      walk.isTruncated = true;
      break;
    }
    await enter(walk, host, directory, level, signal);
  }
  return known({
    files: walk.files.sort(byPath),
    directories: walk.directories.sort(),
    isTruncated: walk.isTruncated,
    unreadable: walk.unreadable,
  });
}

/** Collects while the tree is walked level by level, so that a limit cuts the deepest. */
interface Walk {
  files: TreeFile[];
  directories: string[];
  unreadable: { readonly path: string; readonly code: ProblemCode }[];
  isTruncated: boolean;
  /** Directories found and not entered yet. */
  pending: string[];
}

function startWalk(): Walk {
  return { files: [], directories: [], unreadable: [], isTruncated: false, pending: [] };
}

async function enter(
  walk: Walk,
  host: Host,
  root: string,
  level: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < level.length; start += LISTED_AT_ONCE) {
    signal.throwIfAborted();
    const paths = level.slice(start, start + LISTED_AT_ONCE);
    const listings = await Promise.all(
      paths.map((path) => attempt(() => host.readDirEntries(`${root}/${path}`))),
    );
    for (const [index, listing] of listings.entries()) {
      takeListing(walk, paths[index] ?? "", listing);
    }
  }
}

function takeListing(walk: Walk, path: string, listing: Reading<readonly DirEntry[]>): void {
  if (listing.state === "known") take(walk, path, listing.value);
  // A directory that vanished since is no part of the tree any more.
  if (listing.state !== "unknown") return;
  const { code } = listing.problem;
  walk.unreadable.push({ path, code });
  if (code === "too-large") walk.isTruncated = true;
}

function take(walk: Walk, directory: string, entries: readonly DirEntry[]): void {
  const name = directory.slice(directory.lastIndexOf("/") + 1);
  if (MAYBE_VIRTUAL.has(name) && entries.some((entry) => entry.name === "pyvenv.cfg")) return;
  if (directory !== "") {
    if (walk.directories.length >= DIRECTORIES_MAX) {
      walk.isTruncated = true;
      return;
    }
    walk.directories.push(directory);
  }
  for (const entry of entries) takeEntry(walk, directory, entry);
}

function takeEntry(walk: Walk, directory: string, { name, kind }: DirEntry): void {
  const path = directory === "" ? name : `${directory}/${name}`;
  if (kind === "directory") {
    if (!SKIPPED.has(name)) walk.pending.push(path);
  } else if (kind !== "other") {
    if (walk.files.length < FILES_MAX) walk.files.push({ path, kind });
    else walk.isTruncated = true;
  } else if (READ_BY_NAME.test(name) && walk.unreadable.length < SPECIAL_MAX) {
    walk.unreadable.push({ path, code: "unsupported" });
  }
}

function byPath(a: TreeFile, b: TreeFile): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
