/** One file of a zip archive, still compressed. */
export interface ZipEntry {
  readonly name: string;
  readonly method: "stored" | "deflated";
  readonly data: Uint8Array;
  readonly sizeBytes: number;
}

export type Zip =
  | { readonly ok: true; readonly entries: readonly ZipEntry[] }
  | { readonly ok: false; readonly message: string };

/** Files of one archive; npm's bundle of OSV has some 220,000. */
export const ZIP_ENTRIES_MAX = 500_000;

/** Signatures of APPNOTE.TXT 4.3.7, 4.3.12, 4.3.14, 4.3.15 and 4.3.16. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const END = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;

/** Lists a zip archive by its central directory; a damaged or cut one is refused whole. */
export function readZip(bytes: Uint8Array): Zip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const { count, at } = directoryOf(view);
    if (count > ZIP_ENTRIES_MAX) {
      return { ok: false, message: `it has more than ${ZIP_ENTRIES_MAX} files` };
    }
    return { ok: true, entries: [...entriesOf(view, bytes, count, at)] };
  } catch (error) {
    // DataView throws it for every place outside the bytes.
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, message: "it is cut off or no zip archive" };
  }
}

function directoryOf(view: DataView): { readonly count: number; readonly at: number } {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const at = view.getUint32(end + 16, true);
  if (count !== 0xffff && at !== 0xffffffff) return { count, at };
  const locator = end - 20;
  expect(view.getUint32(locator, true) === END64_LOCATOR);
  const end64 = Number(view.getBigUint64(locator + 8, true));
  expect(view.getUint32(end64, true) === END64);
  return {
    count: Number(view.getBigUint64(end64 + 32, true)),
    at: Number(view.getBigUint64(end64 + 48, true)),
  };
}

/** It stands last, before a comment of any length. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_BYTES_MAX); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new RangeError("no end of central directory");
}

function* entriesOf(
  view: DataView,
  bytes: Uint8Array,
  count: number,
  start: number,
): Generator<ZipEntry> {
  const text = new TextDecoder();
  let at = start;
  for (let index = 0; index < count; index++) {
    expect(view.getUint32(at, true) === CENTRAL);
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const sizeBytes = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = text.decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    expect(view.getUint32(local, true) === LOCAL);
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    expect(data + packed <= bytes.byteLength && (method === 0 || method === 8));
    yield {
      name,
      method: method === 0 ? "stored" : "deflated",
      data: bytes.subarray(data, data + packed),
      sizeBytes,
    };
  }
}

function expect(isSo: boolean): void {
  if (!isSo) throw new RangeError("not a zip archive");
}
