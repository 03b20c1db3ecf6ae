/** A set of bytes: 256 entries, 1 for a member. */
export function range(from: number, to: number): Uint8Array {
  return new Uint8Array(256).fill(1, from, to + 1);
}

/** The set of the given Latin-1 characters. */
export function byteSet(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}

export function invert(set: Uint8Array): Uint8Array {
  return set.map((isIn) => 1 - isIn);
}

export function union(...sets: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(256);
  for (const set of sets)
    set.forEach((isIn, byte) => {
      if (isIn) all[byte] = 1;
    });
  return all;
}

const CASE_BIT = 0x20;
const LOWER = range(0x61, 0x7a);
const UPPER = range(0x41, 0x5a);
const DIGITS = range(0x30, 0x39);
const WORD = union(LOWER, UPPER, DIGITS, byteSet("_"));
const SPACES = byteSet(" \t\n\v\f\r");
const HORIZONTAL = union(byteSet(" \t"), range(0xa0, 0xa0));
const VERTICAL = union(byteSet("\n\v\f\r"), range(0x85, 0x85));
const PUNCTUATION = union(
  range(0x21, 0x2f),
  range(0x3a, 0x40),
  range(0x5b, 0x60),
  range(0x7b, 0x7e),
);

/** With the other case of each ASCII letter: PCRE's C-locale tables know no others. */
export function withBothCases(set: Uint8Array): Uint8Array {
  const both = set.slice();
  for (let lower = 0x61; lower <= 0x7a; lower += 1) {
    const upper = lower ^ CASE_BIT;
    if (set[lower] || set[upper]) both.fill(1, lower, lower + 1).fill(1, upper, upper + 1);
  }
  return both;
}

const ESCAPE_SETS: Readonly<Record<string, Uint8Array>> = {
  d: DIGITS,
  D: invert(DIGITS),
  w: WORD,
  W: invert(WORD),
  s: SPACES,
  S: invert(SPACES),
  h: HORIZONTAL,
  H: invert(HORIZONTAL),
  v: VERTICAL,
  V: invert(VERTICAL),
  n: byteSet("\n"),
  r: byteSet("\r"),
  t: byteSet("\t"),
  f: byteSet("\f"),
  e: byteSet("\x1b"),
  a: byteSet("\x07"),
};

/** What `\` before this character stands for; `undefined` for an escape that is not supported. */
export function escapeSet(character: string): Uint8Array | undefined {
  const known = ESCAPE_SETS[character];
  if (known !== undefined) return known;
  return character === "" || /[A-Za-z0-9]/.test(character) ? undefined : byteSet(character);
}

const POSIX_SETS: Readonly<Record<string, Uint8Array>> = {
  alnum: union(LOWER, UPPER, DIGITS),
  alpha: union(LOWER, UPPER),
  ascii: range(0, 0x7f),
  blank: byteSet(" \t"),
  cntrl: union(range(0, 0x1f), range(0x7f, 0x7f)),
  digit: DIGITS,
  graph: range(0x21, 0x7e),
  lower: LOWER,
  print: range(0x20, 0x7e),
  punct: PUNCTUATION,
  space: SPACES,
  upper: UPPER,
  word: WORD,
  xdigit: union(DIGITS, range(0x41, 0x46), range(0x61, 0x66)),
};

/** `[:alpha:]` and its like. */
export function posixSet(name: string): Uint8Array | undefined {
  return POSIX_SETS[name];
}

/** `\w`, for word boundaries; past either end of the subject is no word. */
export function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && WORD[byte] === 1;
}
