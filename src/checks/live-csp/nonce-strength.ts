/** CSP3 section 7.1: at least 128 bits before encoding. */
export const NONCE_BITS_MIN = 128;

/** Digits carry 3.3 bits each, hexadecimal ones 4, base64 ones 6. */
const ALPHABETS: readonly (readonly [RegExp, number])[] = [
  [/^[0-9]+$/, Math.log2(10)],
  [/^(?:[0-9a-f]+|[0-9A-F]+)$/, 4],
  [/./, 6],
];

/** The most bits a nonce can carry, by its length and the alphabet it is written in; hyphens of a UUID carry none. */
export function nonceBits(nonce: string): number {
  const text = nonce.replace(/=+$/, "");
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  const digits = isUuid ? text.replaceAll("-", "").toLowerCase() : text;
  const each = ALPHABETS.find(([alphabet]) => alphabet.test(digits))?.[1] ?? 0;
  return Math.floor(digits.length * each);
}

/** Characters at both ends that two random values have in common by chance about once in 10^9 times. */
const COMMON_MAX = 5;

/** The characters of `a` between what both have in common at their ends; all of them where that may be chance. */
export function varyingPart(a: string, b: string): string {
  const [first, second] = [a, b].map((text) => text.replace(/=+$/, ""));
  if (first === undefined || second === undefined) return a;
  const most = Math.min(first.length, second.length);
  let start = 0;
  while (start < most && first[start] === second[start]) start += 1;
  let end = 0;
  while (end < most - start && first.at(-1 - end) === second.at(-1 - end)) end += 1;
  return start + end <= COMMON_MAX ? first : first.slice(start, first.length - end);
}
