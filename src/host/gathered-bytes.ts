/** The first piece of memory for a body; most pages fit. */
const FIRST_BYTES = 16 * 1024;

export interface GatheredBytes {
  add(piece: Uint8Array): void;
  /** What was added, up to the limit. */
  bytes(): Buffer;
}

/**
 * Puts pieces together in one stretch of memory. Kept by itself, a piece of one byte costs two hundred, and holds on to
 * the whole of what it was cut from: a body sent in the smallest chunks would take gigabytes.
 */
export function gatherBytes(bytesMax: number): GatheredBytes {
  let buffer = Buffer.allocUnsafe(Math.min(FIRST_BYTES, bytesMax));
  let length = 0;
  return {
    add(piece) {
      const end = Math.min(length + piece.length, bytesMax);
      if (end > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.min(Math.max(end, 2 * buffer.length), bytesMax));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      buffer.set(piece.subarray(0, end - length), length);
      length = end;
    },
    bytes: () => buffer.subarray(0, length),
  };
}
