/** Octets of one DER value (X.690), tag and length included. */
export type Der = Uint8Array;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A value of `tag` around `parts`, with the shortest length. */
function wrap(tag: number, ...parts: readonly Uint8Array[]): Der {
  const body = join(parts);
  if (body.length < 0x80) return join([Uint8Array.of(tag, body.length), body]);
  const size: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return join([Uint8Array.of(tag, 0x80 | size.length, ...size), body]);
}

/** A writer of DER for tests: what is read here is written by others. */
export const der = {
  wrap,
  sequence: (...parts: readonly Der[]) => wrap(0x30, ...parts),
  set: (...parts: readonly Der[]) => wrap(0x31, ...parts),
  /** Constructed context tag. */
  tagged: (tag: number, ...parts: readonly Der[]) => wrap(0xa0 | tag, ...parts),
  /** Primitive context tag. */
  primitive: (tag: number, body: Uint8Array) => wrap(0x80 | tag, body),
  nothing: () => wrap(0x05),
  boolean: (value: boolean) => wrap(0x01, Uint8Array.of(value ? 0xff : 0)),
  octets: (body: Uint8Array) => wrap(0x04, body),
  bits: (body: Uint8Array) => wrap(0x03, Uint8Array.of(0), body),
  text: (tag: number, value: string) => wrap(tag, new TextEncoder().encode(value)),
  integer: (value: bigint) => wrap(0x02, integerOctets(value)),
} as const;

/** Two's complement in the fewest octets. */
function integerOctets(value: bigint): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n);
  const isNegative = value < 0n;
  const looksNegative = ((octets[0] ?? 0) & 0x80) !== 0;
  if (isNegative !== looksNegative) octets.unshift(isNegative ? 0xff : 0);
  return Uint8Array.from(octets);
}

/** OBJECT IDENTIFIER of dotted decimals. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift((left % 128) | 0x80);
    }
    return digits;
  });
  return wrap(0x06, Uint8Array.from(octets));
}
