/** `value` as big-endian bytes. */
function big(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) {
    bytes[i] = rest % 256;
  }
  return bytes;
}

/** One byte. */
export const u8 = (value: number): Uint8Array => big(value, 1);
/** Two bytes, big-endian. */
export const u16 = (value: number): Uint8Array => big(value, 2);
/** Three bytes, big-endian. */
export const u24 = (value: number): Uint8Array => big(value, 3);
/** Four bytes, big-endian. */
export const u32 = (value: number): Uint8Array => big(value, 4);

/** The parts one after another, copied. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * A vector: the parts with their joint length before them (RFC 8446 section 3.4).
 *
 * Throws `RangeError` when the parts are longer than the length can say: the caller's bug.
 */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  if (body.length >= 256 ** lengthBytes) {
    throw new RangeError(`${body.length} bytes do not fit a vector of ${lengthBytes} length bytes`);
  }
  return concat(big(body.length, lengthBytes), body);
}

/** Numbers of two bytes each, without a length. */
export function u16s(values: readonly number[]): Uint8Array {
  return concat(...values.map(u16));
}

/** Text of ASCII characters as bytes; what is not ASCII becomes `?`. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? code : 0x3f;
  });
}
