import { concat, u8, u16, vector } from "./byte-writing.ts";

/** Content types of the record layer (RFC 8446 appendix B.1, heartbeat RFC 6520 section 6). */
export const CONTENT_TYPES = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** Most bytes a protected fragment may have: 2^14 + 2048 (RFC 5246 section 6.2.3). */
export const RECORD_FRAGMENT_BYTES_MAX = 18_432;
/** Most bytes of plaintext in one record: 2^14 (RFC 8446 section 5.1). */
export const RECORD_PLAINTEXT_BYTES_MAX = 16_384;
const HEADER_BYTES = 5;
const HELD_BYTES_AT_FIRST = 256;

/** A record as it was on the wire, its fragment perhaps encrypted. */
export interface TlsRecord {
  readonly contentType: number;
  readonly version: number;
  readonly fragment: Uint8Array;
  /** The five bytes before the fragment: the additional data of TLS 1.3's AEAD. */
  readonly header: Uint8Array;
}

/** One thing found in the stream. After `too-large` or `malformed` nothing more is found. */
export type RecordEvent =
  | { readonly kind: "record"; readonly record: TlsRecord }
  | { readonly kind: "too-large"; readonly message: string }
  | { readonly kind: "malformed"; readonly message: string };

export interface RecordReader {
  /** Takes the next bytes of the stream, in pieces of any size, and says what they completed. */
  feed(chunk: Uint8Array): readonly RecordEvent[];
  /** Bytes of a record that is not whole yet: the stream ended inside one when this is not 0. */
  readonly pendingBytes: number;
}

/**
 * Cuts a stream of bytes into records. Holds at most one unfinished record, whatever comes.
 *
 * Bytes that are no record (an HTTP or SSH banner) are `malformed` from the first byte that shows it.
 */
export function recordReader(): RecordReader {
  // As large as the record at hand needs: most are small, and every connection has its reader.
  let held = new Uint8Array(HELD_BYTES_AT_FIRST);
  let heldBytes = 0;
  let isOver = false;

  /** Copies what the unfinished record still needs; returns how much of the chunk that took. */
  const take = (chunk: Uint8Array, from: number, need: number): number => {
    const count = Math.min(need - heldBytes, chunk.length - from);
    if (heldBytes + count > held.length) held = grown(held, need);
    held.set(chunk.subarray(from, from + count), heldBytes);
    heldBytes += count;
    return count;
  };
  /** What the bytes held amount to, if anything yet. */
  const found = (): RecordEvent | undefined => {
    const problem = headerProblem(held, heldBytes);
    if (problem !== undefined) {
      isOver = true;
      heldBytes = 0;
      return problem;
    }
    if (heldBytes < HEADER_BYTES || heldBytes < needOf(held)) return undefined;
    const record = recordOf(held.slice(0, heldBytes));
    heldBytes = 0;
    return { kind: "record", record };
  };
  return {
    get pendingBytes() {
      return heldBytes;
    },
    feed(chunk) {
      const events: RecordEvent[] = [];
      let at = 0;
      while (!isOver && at < chunk.length) {
        at += take(chunk, at, heldBytes < HEADER_BYTES ? HEADER_BYTES : needOf(held));
        const event = found();
        if (event !== undefined) events.push(event);
      }
      return events;
    },
  };
}

/** The same bytes with room for a whole record; its length was found to be within bounds before. */
function grown(held: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes);
  larger.set(held);
  return larger;
}

/** One record with its header; throws `RangeError` above 65,535 bytes. */
export function encodeRecord(
  contentType: number,
  version: number,
  fragment: Uint8Array,
): Uint8Array {
  return concat(u8(contentType), u16(version), vector(2, fragment));
}

/** Cuts plaintext into as many records as RFC 8446 section 5.1 asks for. */
export function encodeRecords(
  contentType: number,
  version: number,
  plaintext: Uint8Array,
): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < plaintext.length; at += RECORD_PLAINTEXT_BYTES_MAX) {
    const fragment = plaintext.subarray(at, at + RECORD_PLAINTEXT_BYTES_MAX);
    records.push(encodeRecord(contentType, version, fragment));
  }
  return concat(...records);
}

/** Bytes of the whole record whose header is held. */
function needOf(held: Uint8Array): number {
  return HEADER_BYTES + (((held[3] ?? 0) << 8) | (held[4] ?? 0));
}

function recordOf(bytes: Uint8Array): TlsRecord {
  return {
    contentType: bytes[0] ?? 0,
    version: ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0),
    fragment: bytes.subarray(HEADER_BYTES),
    header: bytes.subarray(0, HEADER_BYTES),
  };
}

/** What is wrong with as much of a header as has come. */
function headerProblem(held: Uint8Array, heldBytes: number): RecordEvent | undefined {
  const [contentType = 0, major = 0] = held;
  if (contentType < CONTENT_TYPES.changeCipherSpec || contentType > CONTENT_TYPES.heartbeat) {
    return { kind: "malformed", message: "the first byte is no content type of TLS" };
  }
  if (heldBytes > 1 && major !== 3) {
    return { kind: "malformed", message: "the record's version is none of SSL 3.0 to TLS 1.3" };
  }
  if (heldBytes < HEADER_BYTES) return undefined;
  const length = needOf(held) - HEADER_BYTES;
  if (length > RECORD_FRAGMENT_BYTES_MAX) {
    return { kind: "too-large", message: `a record of ${length} bytes` };
  }
  // Empty fragments are for application data alone (RFC 8446 section 5.1).
  if (length === 0 && contentType !== CONTENT_TYPES.applicationData) {
    return { kind: "malformed", message: "an empty record" };
  }
  return undefined;
}
