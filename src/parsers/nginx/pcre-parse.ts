import { type ClassReader, escapedSet, readClassSet, take } from "./pcre-class.ts";
import { byteSet, invert, range, withBothCases } from "./pcre-set.ts";

/** Longest pattern looked at, in bytes; real ones have a few hundred. */
export const PATTERN_BYTES_MAX = 2_000;
/** Groups inside each other. */
export const GROUP_DEPTH_MAX = 40;

/** A pattern over bytes. `repeat` without `max` has no upper bound. */
export type PcreNode =
  | { readonly kind: "set"; readonly set: Uint8Array }
  | { readonly kind: "sequence"; readonly nodes: readonly PcreNode[] }
  | { readonly kind: "either"; readonly nodes: readonly PcreNode[] }
  | {
      readonly kind: "repeat";
      readonly node: PcreNode;
      readonly min: number;
      readonly max?: number;
      /** `*?`: as few as possible, which decides what groups capture, not whether it matches. */
      readonly isLazy: boolean;
    }
  /** A capturing group; `index` counts opening parentheses from 1. */
  | { readonly kind: "group"; readonly node: PcreNode; readonly index: number }
  | { readonly kind: "assert"; readonly what: PcreAssertion }
  | {
      readonly kind: "look";
      readonly node: PcreNode;
      readonly isBehind: boolean;
      readonly isNegative: boolean;
    };

export type PcreAssertion =
  | "start"
  | "end"
  | "end-or-last-newline"
  | "line-start"
  | "line-end"
  | "word-boundary"
  | "no-word-boundary";

/**
 * Parses the part of PCRE that says nothing about how a match is found (perlre, pcre2pattern(3)).
 * `undefined` for what is invalid, too long, or cannot be decided by a set of states:
 * back-references, atomic groups, possessive quantifiers, recursion, conditions, Unicode modes.
 */
export function parsePcre(pattern: Uint8Array, isCaseless: boolean): ParsedPcre | undefined {
  if (pattern.length > PATTERN_BYTES_MAX) return undefined;
  const names = new Map<string, number>();
  const reader: Reader = {
    text: latin1(pattern),
    at: 0,
    depth: 0,
    isSupported: true,
    groups: 0,
    names,
  };
  const node = readEither(reader, { isCaseless, isDotAll: false, isMultiline: false });
  if (!reader.isSupported || reader.at !== reader.text.length) return undefined;
  return { node, groups: reader.groups, names };
}

export interface ParsedPcre {
  readonly node: PcreNode;
  /** Capturing groups. */
  readonly groups: number;
  /** Numbers of the named ones. */
  readonly names: ReadonlyMap<string, number>;
}

interface Reader extends ClassReader {
  readonly names: Map<string, number>;
  depth: number;
  groups: number;
  isSupported: boolean;
}

interface Flags {
  readonly isCaseless: boolean;
  readonly isDotAll: boolean;
  readonly isMultiline: boolean;
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

const EMPTY: PcreNode = { kind: "sequence", nodes: [] };

function unsupported(reader: Reader): PcreNode {
  reader.isSupported = false;
  reader.at = reader.text.length;
  return EMPTY;
}

/** Alternatives up to `)` or the end. `(?i)` holds from where it stands through later alternatives. */
function readEither(reader: Reader, outer: Flags): PcreNode {
  const nodes: PcreNode[] = [];
  let flags = outer;
  do {
    const parts: PcreNode[] = [];
    while (reader.at < reader.text.length && !"|)".includes(reader.text.charAt(reader.at))) {
      const changed = readFlags(reader, flags);
      if (changed !== undefined) flags = changed;
      else parts.push(readQuantified(reader, flags));
    }
    nodes.push({ kind: "sequence", nodes: parts });
  } while (take(reader, "|"));
  return nodes.length === 1 ? (nodes[0] ?? EMPTY) : { kind: "either", nodes };
}

/** `(?i)`, `(?s-i)` on its own: the flags from here on. */
function readFlags(reader: Reader, flags: Flags): Flags | undefined {
  const found = /^\(\?([ims]*)(?:-([ims]*))?\)/.exec(reader.text.slice(reader.at, reader.at + 12));
  if (found === null) return undefined;
  reader.at += found[0].length;
  return changedFlags(flags, found[1] ?? "", found[2] ?? "");
}

function changedFlags(flags: Flags, set: string, unset: string): Flags {
  const flag = (letter: string, before: boolean): boolean =>
    !unset.includes(letter) && (set.includes(letter) || before);
  return {
    isCaseless: flag("i", flags.isCaseless),
    isDotAll: flag("s", flags.isDotAll),
    isMultiline: flag("m", flags.isMultiline),
  };
}

function readQuantified(reader: Reader, flags: Flags): PcreNode {
  const node = readAtom(reader, flags);
  // Text up to PCRE2 10.42, a quantifier since.
  if (/^\{,\d+\}/.test(reader.text.slice(reader.at, reader.at + 8))) return unsupported(reader);
  const bounds = readBounds(reader);
  if (bounds === undefined) return node;
  if (take(reader, "+")) return unsupported(reader);
  const isLazy = take(reader, "?");
  // `a**` is refused by PCRE2.
  return readBounds(reader) === undefined
    ? { kind: "repeat", node, ...bounds, isLazy }
    : unsupported(reader);
}

function readBounds(reader: Reader): { readonly min: number; readonly max?: number } | undefined {
  if (take(reader, "*")) return { min: 0 };
  if (take(reader, "+")) return { min: 1 };
  if (take(reader, "?")) return { min: 0, max: 1 };
  const found = /^\{(\d{1,5})(,(\d{1,5})?)?\}/.exec(reader.text.slice(reader.at, reader.at + 13));
  if (found === null) return undefined;
  reader.at += found[0].length;
  const min = Number(found[1]);
  if (found[2] === undefined) return { min, max: min };
  return found[3] === undefined ? { min } : { min, max: Number(found[3]) };
}

function readAtom(reader: Reader, flags: Flags): PcreNode {
  const character = reader.text.charAt(reader.at);
  reader.at += 1;
  switch (character) {
    case "(":
      return readGroup(reader, flags);
    case "[":
      return readClass(reader, flags);
    case "\\":
      return readEscape(reader, flags);
    case ".":
      return { kind: "set", set: flags.isDotAll ? range(0, 255) : invert(byteSet("\n")) };
    case "^":
      return { kind: "assert", what: flags.isMultiline ? "line-start" : "start" };
    case "$":
      return { kind: "assert", what: flags.isMultiline ? "line-end" : "end-or-last-newline" };
    case "*":
    case "+":
    case "?":
      return unsupported(reader);
    default:
      return literal(character, flags);
  }
}

function literal(character: string, flags: Flags): PcreNode {
  const set = byteSet(character);
  return { kind: "set", set: flags.isCaseless ? withBothCases(set) : set };
}

const LOOKS = [
  ["?=", false, false],
  ["?!", false, true],
  ["?<=", true, false],
  ["?<!", true, true],
] as const;

function readGroup(reader: Reader, flags: Flags): PcreNode {
  reader.depth += 1;
  if (reader.depth > GROUP_DEPTH_MAX) return unsupported(reader);
  const node = readGroupBody(reader, flags);
  reader.depth -= 1;
  return take(reader, ")") ? node : unsupported(reader);
}

function readGroupBody(reader: Reader, flags: Flags): PcreNode {
  if (take(reader, "?#")) {
    const end = reader.text.indexOf(")", reader.at);
    reader.at = end === -1 ? reader.text.length : end;
    return EMPTY;
  }
  const look = LOOKS.find(([opening]) => take(reader, opening));
  if (look !== undefined) {
    const [, isBehind, isNegative] = look;
    return { kind: "look", node: readEither(reader, flags), isBehind, isNegative };
  }
  const inner = readGroupFlags(reader, flags);
  if (inner === undefined) return unsupported(reader);
  if (inner.isPlain) return readEither(reader, inner.flags);
  reader.groups += 1;
  const index = reader.groups;
  // PCRE2 refuses two groups of one name.
  if (inner.name !== undefined && reader.names.has(inner.name)) return unsupported(reader);
  if (inner.name !== undefined) reader.names.set(inner.name, index);
  return { kind: "group", node: readEither(reader, flags), index };
}

/** What a group opens with: nothing, a name, or flags (`?i:`) that hold inside and capture nothing. */
interface GroupHead {
  readonly isPlain: boolean;
  readonly flags: Flags;
  readonly name?: string;
}

function readGroupFlags(reader: Reader, flags: Flags): GroupHead | undefined {
  const head = reader.text.slice(reader.at, reader.at + 40);
  const scoped = /^\?([ims]*)(?:-([ims]*))?:/.exec(head);
  const named = /^\?(?:P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})')/.exec(head);
  reader.at += (scoped ?? named)?.[0].length ?? 0;
  if (scoped !== null) {
    return { isPlain: true, flags: changedFlags(flags, scoped[1] ?? "", scoped[2] ?? "") };
  }
  if (named !== null) return { isPlain: false, flags, name: named[1] ?? named[2] ?? "" };
  return /^[?*]/.test(head) ? undefined : { isPlain: false, flags };
}

const ASSERTIONS: Readonly<Record<string, PcreAssertion>> = {
  A: "start",
  z: "end",
  Z: "end-or-last-newline",
  b: "word-boundary",
  B: "no-word-boundary",
};

/** After `\`, outside a class. */
function readEscape(reader: Reader, flags: Flags): PcreNode {
  const letter = reader.text.charAt(reader.at);
  const what = ASSERTIONS[letter];
  if (what !== undefined) {
    reader.at += 1;
    return { kind: "assert", what };
  }
  // \1 to \9 refer back; what a longer number means depends on the groups: not for us.
  if (/[1-9]/.test(letter)) return unsupported(reader);
  const set = escapedSet(reader);
  if (set === undefined) return unsupported(reader);
  return { kind: "set", set: flags.isCaseless ? withBothCases(set) : set };
}

function readClass(reader: Reader, flags: Flags): PcreNode {
  const set = readClassSet(reader, flags.isCaseless);
  return set === undefined ? unsupported(reader) : { kind: "set", set };
}
