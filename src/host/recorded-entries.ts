import { dirname, relative, resolve } from "node:path";
import type { FileStat, Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { fileError } from "./file-error.ts";
import type { RecordedFile, RecordedMeta } from "./recorded-meta.ts";

const PLAIN: RecordedFile = { acl: [], isReadable: true, isStatDenied: false };
/** As Linux has it (path_resolution(7)). */
const LINKS_MAX = 40;

export interface RecordedEntry {
  /** The path with links resolved, as the recorded machine has it. */
  readonly path: string;
  /** Where its text is on this machine. */
  readonly content: string;
  readonly file: RecordedFile;
}

interface RecordedTree {
  readonly root: string;
  readonly meta?: RecordedMeta;
  readonly hidden?: ReadonlySet<string>;
}

/** Joins the real files of the audited directory with what `meta.json` says of them. */
export interface RecordedEntries {
  /** Links followed. Throws ENOENT, or `not-recorded` outside the root. */
  at(path: string): Promise<RecordedEntry>;
  /** The last link not followed. */
  lookAt(path: string): Promise<{ readonly stats: FileStat; readonly file: RecordedFile }>;
  /** Target of a link that only `meta.json` knows of. */
  linkOf(path: string): string | undefined;
  /** A directory above the root, or one a recorded link leads through outside of it. */
  isAbove(path: string): boolean;
  /** The record itself, where it lies in the audited directory: it does not exist. */
  isHidden(path: string): boolean;
}

export function createRecordedEntries(
  real: Host,
  { root, meta, hidden }: RecordedTree,
): RecordedEntries {
  const isInside = (path: string) => path === root || path.startsWith(`${root}/`);
  const entryOf = (path: string) => meta?.files.get(relative(root, path) || ".") ?? PLAIN;
  const linkOf = (path: string) => entryOf(resolve(path)).symlink;
  const targetOf = (link: string) => resolve(dirname(link), linkOf(link) ?? ".");
  /** A recorded link out of the root carries its target's modes, and the copy its target's text. */
  const outside = new Map(
    [...(meta?.files ?? [])]
      .filter(([, { symlink }]) => symlink !== undefined)
      .map(([path]) => [targetOf(resolve(root, path)), resolve(root, path)] as const)
      .filter(([target]) => !isInside(target)),
  );
  const above = new Set([root, ...outside.keys()].flatMap(ancestors));

  const isHidden = (path: string) => {
    const [name = ""] = relative(root, path).split("/", 1);
    return hidden?.has(name) === true;
  };
  const direct = async (path: string): Promise<RecordedEntry> => {
    if (!isInside(path)) throw notRecorded(`${path} was not recorded`);
    if (isHidden(path)) throw fileError("ENOENT", path);
    const content = await real.realPath(path);
    if (!isInside(content)) throw notRecorded(`${path} leads out of what was recorded`);
    return { path: content, content, file: entryOf(content) };
  };
  /** Where a recorded link ends; where the copy has the text in the link's own place, that is it. */
  const follow = async (link: string, links: number): Promise<RecordedEntry> => {
    const target = targetOf(link);
    if (links > LINKS_MAX || target === link) throw fileError("ELOOP", link);
    const isElsewhere = isInside(target) && (linkOf(target) ?? (await exists(real, target)));
    if (isElsewhere) return reach(target, links);
    const { content } = await direct(link);
    return { path: target, content, file: entryOf(link) };
  };
  const reach = (path: string, links: number): Promise<RecordedEntry> => {
    const link = outside.get(path) ?? (linkOf(path) === undefined ? undefined : path);
    return link === undefined ? direct(path) : follow(link, links + 1);
  };

  return {
    at: (path) => reach(resolve(path), 0),
    async lookAt(asked) {
      const path = resolve(asked);
      if (outside.has(path)) {
        const { content, file } = await reach(path, 0);
        return { stats: await real.stat(content), file };
      }
      if (!isInside(path)) throw notRecorded(`${path} was not recorded`);
      if (isHidden(path)) throw fileError("ENOENT", path);
      const file = entryOf(path);
      if (file.symlink === undefined) return { stats: await real.lstat(path), file };
      return { stats: { ...NO_STATS, kind: "link" }, file };
    },
    linkOf,
    isHidden,
    isAbove: (path) => above.has(resolve(path)) && !isInside(resolve(path)),
  };
}

const NO_STATS = { mode: 0o777, sizeBytes: 0, modifiedMs: 0, owner: "", group: "" } as const;

async function exists(real: Host, path: string): Promise<boolean> {
  try {
    await real.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

function ancestors(path: string): readonly string[] {
  const list: string[] = [];
  for (let up = dirname(path); ; up = dirname(up)) {
    list.push(up);
    if (up === "/") return list;
  }
}

/** The error for everything that no record tells. */
export function notRecorded(detail: string): HostError {
  return new HostError("not-recorded", detail);
}
