/**
 * Reads big-endian numbers and vectors (RFC 8446 section 3) off bytes from the front.
 *
 * Nothing throws: reading past the end makes `isBroken` true for good and yields zeros and empty
 * arrays, so a decoder reads straight through and asks once at its end.
 */
export interface ByteCursor {
  readonly isBroken: boolean;
  /** Bytes not read yet. */
  readonly left: number;
  u8(): number;
  u16(): number;
  u24(): number;
  u32(): number;
  /** The next `length` bytes, a view. */
  bytes(length: number): Uint8Array;
  /** A vector with a length of one, two or three bytes before it, a view. */
  vector(lengthBytes: 1 | 2 | 3): Uint8Array;
}

/** A cursor at the start of `source`, which is not copied. */
export function byteCursor(source: Uint8Array): ByteCursor {
  let at = 0;
  let isBroken = false;
  const bytes = (length: number): Uint8Array => {
    if (isBroken || length > source.length - at) {
      isBroken = true;
      return source.subarray(0, 0);
    }
    at += length;
    return source.subarray(at - length, at);
  };
  const number = (length: number): number => {
    let value = 0;
    for (const byte of bytes(length)) value = value * 256 + byte;
    return value;
  };
  return {
    get isBroken() {
      return isBroken;
    },
    get left() {
      return isBroken ? 0 : source.length - at;
    },
    u8: () => number(1),
    u16: () => number(2),
    u24: () => number(3),
    u32: () => number(4),
    bytes,
    vector: (lengthBytes) => bytes(number(lengthBytes)),
  };
}

/** The content of a vector that fills `source` exactly; `undefined` where it does not. */
export function soleVector(source: Uint8Array, lengthBytes: 1 | 2 | 3): Uint8Array | undefined {
  const cursor = byteCursor(source);
  const content = cursor.vector(lengthBytes);
  return cursor.isBroken || cursor.left > 0 ? undefined : content;
}

/** Splits a vector into numbers of two bytes; a lone last byte breaks it: `undefined`. */
export function u16List(source: Uint8Array | undefined): readonly number[] | undefined {
  if (source === undefined || source.length % 2 !== 0) return undefined;
  const list: number[] = [];
  for (let i = 0; i < source.length; i += 2) {
    list.push(((source[i] ?? 0) << 8) | (source[i + 1] ?? 0));
  }
  return list;
}
