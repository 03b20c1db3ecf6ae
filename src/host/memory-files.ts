import type { DirEntry, FileStat, Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { fileError } from "./file-error.ts";

/** One file, directory or link of a memory host. */
export interface MemoryFile {
  readonly text?: string;
  /** Instead of `text`, for binary files. */
  readonly bytes?: Uint8Array;
  readonly kind?: "file" | "directory" | "other";
  /** Permission bits; 0644 for files and 0755 for directories unless told. */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** Target of a symbolic link, absolute or relative to its directory. */
  readonly link?: string;
  readonly modifiedMs?: number;
  /** Extended ACL entries, or an error that reading them gives. */
  readonly acl?: readonly string[] | HostError;
  /** Reading the text or listing the directory is denied. */
  readonly unreadable?: boolean;
  /** `stat` and `lstat` are denied. */
  readonly statDenied?: boolean;
}

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
> & { aclOf(path: string): readonly string[] };

/** As Linux has it (path_resolution(7)). */
const LINKS_MAX = 40;

interface Tree {
  at(path: string): MemoryFile | undefined;
  /** Resolves every link but, unless `followLast`, the last one. */
  resolve(path: string, followLast: boolean): string;
  names(path: string): readonly string[];
}

/** The file members of a memory host. */
export function createMemoryFiles(files: Readonly<Record<string, string | MemoryFile>>): FileDoor {
  const tree = createTree(files);
  const existing = (path: string, followLast = true): [string, MemoryFile] => {
    const real = tree.resolve(path, followLast);
    const file = tree.at(real);
    if (file === undefined) throw fileError("ENOENT", path);
    return [real, file];
  };
  const list = (path: string): readonly DirEntry[] => {
    const [real, file] = existing(path);
    if (kindOf(file) !== "directory") throw fileError("ENOTDIR", path);
    if (file.unreadable) throw fileError("EACCES", path);
    return tree.names(real).map((name) => ({
      name,
      kind: kindOf(tree.at(join(real, name)) ?? {}),
    }));
  };
  const read = (path: string, bytesMax: number): Buffer => {
    const [, file] = existing(path);
    if (file.unreadable) throw fileError("EACCES", path);
    if (kindOf(file) === "directory") throw fileError("EISDIR", path);
    if (kindOf(file) !== "file") throw fileError("ENOTFILE", path);
    const bytes = bytesOf(file);
    if (bytes.length > bytesMax) throw fileError("EFBIG", path);
    return bytes;
  };
  return {
    async readFile(path, bytesMax) {
      return read(path, bytesMax).toString("utf8");
    },
    async readBytes(path, bytesMax) {
      return read(path, bytesMax);
    },
    async stat(path) {
      const [, file] = existing(path);
      if (file.statDenied) throw fileError("EACCES", path);
      return statOf(file);
    },
    async lstat(path) {
      const [, file] = existing(path, false);
      if (file.statDenied) throw fileError("EACCES", path);
      return statOf(file);
    },
    async readLink(path) {
      const [, file] = existing(path, false);
      if (file.link === undefined) throw fileError("EINVAL", path);
      return file.link;
    },
    async realPath(path) {
      return existing(path)[0];
    },
    async readDir(path) {
      return list(path).map(({ name }) => name);
    },
    async readDirEntries(path) {
      return list(path);
    },
    aclOf(path) {
      const [, { acl }] = existing(path);
      if (acl instanceof HostError) throw acl;
      return acl ?? [];
    },
  };
}

function createTree(files: Readonly<Record<string, string | MemoryFile>>): Tree {
  const nodes = new Map<string, MemoryFile>([["/", { kind: "directory" }]]);
  for (const [path, file] of Object.entries(files)) {
    nodes.set(path, typeof file === "string" ? { text: file } : file);
  }
  for (const path of [...nodes.keys()]) {
    for (let up = parent(path); !nodes.has(up); up = parent(up)) {
      nodes.set(up, { kind: "directory" });
    }
  }
  const at = (path: string) => nodes.get(path);
  return {
    at,
    resolve: (path, followLast) => resolvePath(at, path, followLast),
    names: (path) =>
      [...nodes.keys()]
        .filter((each) => each !== "/" && parent(each) === path)
        .map((each) => each.slice(each.lastIndexOf("/") + 1))
        .sort(),
  };
}

function resolvePath(
  at: (path: string) => MemoryFile | undefined,
  path: string,
  followLast: boolean,
): string {
  const words = wordsOf(path);
  let real = "/";
  let links = 0;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (isLeaf(at(real))) throw fileError("ENOTDIR", path);
    const next = child(real, word);
    const link = at(next)?.link;
    if (link === undefined || (words.length === 0 && !followLast)) {
      real = next;
      continue;
    }
    links += 1;
    if (links > LINKS_MAX) throw fileError("ELOOP", path);
    words.unshift(...wordsOf(link));
    real = link.startsWith("/") ? "/" : real;
  }
  return real;
}

function child(directory: string, word: string): string {
  return word === ".." ? parent(directory) : join(directory, word);
}

function wordsOf(path: string): string[] {
  return path.split("/").filter((word) => word !== "" && word !== ".");
}

function isLeaf(file: MemoryFile | undefined): boolean {
  return file !== undefined && kindOf(file) !== "directory";
}

function bytesOf({ bytes, text = "" }: MemoryFile): Buffer {
  return bytes === undefined ? Buffer.from(text, "utf8") : Buffer.from(bytes);
}

function kindOf(file: MemoryFile): FileStat["kind"] {
  return file.link === undefined ? (file.kind ?? "file") : "link";
}

function statOf(file: MemoryFile): FileStat {
  const kind = kindOf(file);
  const plain = kind === "directory" ? 0o755 : kind === "link" ? 0o777 : 0o644;
  return {
    kind,
    mode: file.mode ?? plain,
    sizeBytes: bytesOf(file).length,
    modifiedMs: file.modifiedMs ?? 0,
    owner: file.owner ?? "root",
    group: file.group ?? "root",
  };
}

function join(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
