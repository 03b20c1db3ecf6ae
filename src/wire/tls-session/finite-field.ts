import { randomBytes } from "node:crypto";

/** Bytes of our exponent: twice the strength of any suite here. */
const EXPONENT_BYTES = 32;

/** A big-endian number. */
export function bigOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** Big-endian without leading zeros; one byte for zero. */
export function bytesOf(number: bigint): Uint8Array {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

/** Big-endian in exactly `length` bytes; the number must fit. */
export function paddedBytesOf(number: bigint, length: number): Uint8Array {
  return Buffer.from(number.toString(16).padStart(2 * length, "0"), "hex");
}

/** A secret exponent for one key agreement. */
export function freshExponent(): bigint {
  return bigOf(randomBytes(EXPONENT_BYTES));
}

export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let power = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}

/** Smallest X that makes the formula a safe prime, by bits (RFC 7919 appendix A). */
const RFC7919_OFFSETS: ReadonlyMap<number, bigint> = new Map([
  [2048, 560_316n],
  [3072, 2_625_351n],
  [4096, 5_736_041n],
  [6144, 15_705_020n],
  [8192, 10_965_728n],
]);

/** p = 2^b - 2^(b-64) + ([2^(b-130) e] + X) 2^64 - 1 (RFC 7919 appendix A); `undefined` for other sizes. */
export function rfc7919Prime(bits: number): bigint | undefined {
  const offset = RFC7919_OFFSETS.get(bits);
  if (offset === undefined) return undefined;
  const size = BigInt(bits);
  const middle = (eulerTimesPowerOfTwo(bits - 130) + offset) << 64n;
  return (1n << size) - (1n << (size - 64n)) + middle - 1n;
}

/** Bits the sum of the series is carried further than is asked for. */
const GUARD_BITS = 64n;

/** [2^bits e], by the series of 1/n!. */
function eulerTimesPowerOfTwo(bits: number): bigint {
  let term = 1n << (BigInt(bits) + GUARD_BITS);
  let sum = 0n;
  for (let n = 1n; term > 0n; n += 1n) {
    sum += term;
    term /= n;
  }
  return sum >> GUARD_BITS;
}
