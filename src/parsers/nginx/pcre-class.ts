import { byteSet, escapeSet, invert, posixSet, range, union, withBothCases } from "./pcre-set.ts";

/** A pattern, one byte a character, and how far it is read. */
export interface ClassReader {
  readonly text: string;
  at: number;
}

/** Steps over the text where it comes next. */
export function take(reader: ClassReader, expected: string): boolean {
  if (!reader.text.startsWith(expected, reader.at)) return false;
  reader.at += expected.length;
  return true;
}

/** What an escape stands for in and outside a class; `undefined` when it is none that is supported. */
export function escapedSet(reader: ClassReader): Uint8Array | undefined {
  const rest = reader.text.slice(reader.at, reader.at + 8);
  const hex = /^x(?:\{([0-9A-Fa-f]{1,2})\}|([0-9A-Fa-f]{1,2}))/.exec(rest);
  const octal = /^0[0-7]{0,2}/.exec(rest);
  const code = hex !== null ? Number.parseInt(hex[1] ?? hex[2] ?? "", 16) : undefined;
  if (hex !== null && code !== undefined) {
    reader.at += hex[0].length;
    return range(code, code);
  }
  if (octal !== null) {
    reader.at += octal[0].length;
    const value = Number.parseInt(octal[0], 8);
    return range(value, value);
  }
  reader.at += 1;
  return escapeSet(rest.charAt(0));
}

/** After `[`, up to and with the `]` that ends the class. A `]` that comes first is a member. */
export function readClassSet(reader: ClassReader, isCaseless: boolean): Uint8Array | undefined {
  const isNegated = take(reader, "^");
  const members: Uint8Array[] = [];
  do {
    const member = reader.at < reader.text.length ? readMember(reader) : undefined;
    if (member === undefined) return undefined;
    members.push(member);
  } while (!take(reader, "]"));
  const all = union(...members);
  const set = isCaseless ? withBothCases(all) : all;
  return isNegated ? invert(set) : set;
}

function readMember(reader: ClassReader): Uint8Array | undefined {
  const posix = /^\[:(\^?)([a-z]+):\]/.exec(reader.text.slice(reader.at, reader.at + 14));
  if (posix !== null) {
    reader.at += posix[0].length;
    const set = posixSet(posix[2] ?? "");
    return set !== undefined && posix[1] === "^" ? invert(set) : set;
  }
  const from = readClassAtom(reader);
  const isRange = /^-[^\]]/.test(reader.text.slice(reader.at, reader.at + 2));
  if (from === undefined || !isRange) return from;
  reader.at += 1;
  const to = readClassAtom(reader);
  const first = only(from);
  const last = to === undefined ? undefined : only(to);
  return first === undefined || last === undefined || first > last ? undefined : range(first, last);
}

function readClassAtom(reader: ClassReader): Uint8Array | undefined {
  const character = reader.text.charAt(reader.at);
  reader.at += 1;
  if (character !== "\\") return byteSet(character);
  if (take(reader, "b")) return byteSet("\b");
  return escapedSet(reader);
}

/** The one byte of a set; `undefined` for a class such as `\d`, which cannot bound a range. */
function only(set: Uint8Array): number | undefined {
  const first = set.indexOf(1);
  return first !== -1 && first === set.lastIndexOf(1) ? first : undefined;
}
