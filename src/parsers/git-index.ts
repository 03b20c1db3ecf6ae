/** The tracked paths of a git index (gitformat-index(5)), versions 2, 3 and 4. */
export type GitIndex =
  | {
      readonly ok: true;
      readonly version: number;
      /** In index order, each once; a sparse directory ends in `/`. */
      readonly paths: readonly string[];
      /** The index holds only changes to a shared one: paths are missing here. */
      readonly isSplit: boolean;
    }
  | { readonly ok: false; readonly message: string };

export const INDEX_ENTRIES_MAX = 1_000_000;

/** Stat data (40 bytes) before the object id, 16 bits of flags behind it. */
const STAT_BYTES = 40;
const FLAGS_BYTES = 2;
const EXTENDED = 0x4000;
const NAME_MASK = 0xfff;
const MODE_OFFSET = 24;
const SPARSE_DIRECTORY = 0o040000;

/** Parses an index. `hashBytes` is 20 for SHA-1 repositories, 32 for SHA-256 ones. Never throws. */
export function parseGitIndex(bytes: Uint8Array, hashBytes: 20 | 32 = 20): GitIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 + hashBytes || ascii(bytes, 0, 4) !== "DIRC") {
    return { ok: false, message: "is not a git index" };
  }
  const version = view.getUint32(4);
  const count = view.getUint32(8);
  if (version < 2 || version > 4) return { ok: false, message: `has version ${version}` };
  if (count > INDEX_ENTRIES_MAX) return { ok: false, message: `has ${count} entries` };
  const end = bytes.length - hashBytes;
  const paths = new Set<string>();
  let entry: Entry = { name: new Uint8Array(), isDirectory: false, next: 12 };
  for (let index = 0; index < count; index += 1) {
    const read = readEntry({ bytes, view, version, hashBytes, end }, entry);
    if (read === undefined) return { ok: false, message: `ends within entry ${index + 1}` };
    entry = read;
    paths.add(decode(entry));
  }
  const isSplit = extensions(bytes, view, entry.next, end).includes("link");
  return { ok: true, version, paths: [...paths], isSplit };
}

interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly version: number;
  readonly hashBytes: number;
  readonly end: number;
}

interface Entry {
  readonly name: Uint8Array;
  readonly isDirectory: boolean;
  /** Offset of the next entry. */
  readonly next: number;
}

function readEntry(source: Source, before: Entry): Entry | undefined {
  const { bytes, view, version, hashBytes, end } = source;
  const start = before.next;
  const flagsAt = start + STAT_BYTES + hashBytes;
  if (flagsAt + FLAGS_BYTES > end) return undefined;
  const flags = view.getUint16(flagsAt);
  const isExtended = version >= 3 && (flags & EXTENDED) !== 0;
  const nameAt = flagsAt + FLAGS_BYTES + (isExtended ? 2 : 0);
  const isDirectory = view.getUint32(start + MODE_OFFSET) === SPARSE_DIRECTORY;
  if (version === 4) {
    const name = readCompressedName(bytes, nameAt, end, before.name);
    return name === undefined ? undefined : { ...name, isDirectory };
  }
  // The flags hold the length where it fits; a longer name ends at its NUL.
  const length = flags & NAME_MASK;
  const nul = length < NAME_MASK ? nameAt + length : bytes.indexOf(0, nameAt);
  if (nul < 0 || nul >= end) return undefined;
  // Padded with 1 to 8 NULs to a multiple of eight.
  const next = start + ((nul - start + 8) & ~7);
  if (next > end) return undefined;
  return { name: bytes.subarray(nameAt, nul), isDirectory, next };
}

/** Version 4: how many bytes to drop from the path before, then the rest of the path and a NUL. */
function readCompressedName(bytes: Uint8Array, start: number, end: number, before: Uint8Array) {
  let at = start;
  let byte = bytes[at] ?? 0;
  let drop = byte & 0x7f;
  // The offset encoding of pack files: each further byte adds one before it shifts.
  while ((byte & 0x80) !== 0) {
    at += 1;
    if (at >= end || at > start + 4) return undefined;
    byte = bytes[at] ?? 0;
    drop = (drop + 1) * 128 + (byte & 0x7f);
  }
  const nul = bytes.indexOf(0, at + 1);
  if (nul < 0 || nul >= end || drop > before.length) return undefined;
  const suffix = bytes.subarray(at + 1, nul);
  const name = new Uint8Array(before.length - drop + suffix.length);
  name.set(before.subarray(0, before.length - drop));
  name.set(suffix, before.length - drop);
  return { name, next: nul + 1 };
}

function decode({ name, isDirectory }: Entry): string {
  const path = new TextDecoder().decode(name);
  return isDirectory && !path.endsWith("/") ? `${path}/` : path;
}

function extensions(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): readonly string[] {
  const names: string[] = [];
  for (let at = start; at + 8 <= end; ) {
    names.push(ascii(bytes, at, at + 4));
    at += 8 + view.getUint32(at + 4);
  }
  return names;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
