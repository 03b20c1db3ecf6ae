import { type PcreNode, parsePcre } from "./pcre-parse.ts";
import { range, union } from "./pcre-set.ts";

/** What a group of a pattern can capture, in bytes. */
export interface CaptureContent {
  /** Bytes anywhere in it: 256 entries, 1 for a possible one. */
  readonly bytes: Uint8Array;
  /** Bytes it may begin with. */
  readonly first: Uint8Array;
  readonly isMaybeEmpty: boolean;
  /** How many texts it may be; `Infinity` where nothing bounds it. */
  readonly count: number;
}

/** Content that nothing is known of. */
export const ANY_CONTENT: CaptureContent = {
  bytes: range(0, 255),
  first: range(0, 255),
  isMaybeEmpty: true,
  count: Number.POSITIVE_INFINITY,
};

/**
 * What group `wanted` (a number from 1, or a name) of a pattern can capture, taken for itself: what
 * stands around it is not looked at. `undefined` where there is no such group; anything at all where the
 * group uses what the matcher does not do.
 */
export function captureContent(
  pattern: string,
  wanted: number | string,
  isCaseless = false,
): CaptureContent | undefined {
  const group = groupsOf(pattern).find(({ number, name }) =>
    typeof wanted === "number" ? number === wanted : name === wanted,
  );
  if (group === undefined) return undefined;
  // A dot that takes newlines in one part of the pattern is taken to do so in all of it.
  const flags = /\(\?[imx]*s[imsx]*[:)]/.test(pattern) ? "(?s)" : "";
  return contentOf(flags + pattern.slice(group.from, group.to), isCaseless);
}

/** What the whole pattern can match; only of use where it is anchored at both ends. */
export function wholeContent(pattern: string, isCaseless = false): CaptureContent {
  return contentOf(pattern, isCaseless);
}

function contentOf(pattern: string, isCaseless: boolean): CaptureContent {
  const node = parsePcre(encoder.encode(pattern), isCaseless);
  return node === undefined ? ANY_CONTENT : nodeContent(node);
}

const encoder = new TextEncoder();
const NONE: CaptureContent = {
  bytes: new Uint8Array(256),
  first: new Uint8Array(256),
  isMaybeEmpty: true,
  count: 1,
};

function nodeContent(node: PcreNode): CaptureContent {
  switch (node.kind) {
    case "assert":
    case "look":
      return NONE;
    case "set": {
      const count = node.set.reduce((sum, one) => sum + one, 0);
      return { bytes: node.set, first: node.set, isMaybeEmpty: false, count };
    }
    case "sequence":
      return node.nodes.map(nodeContent).reduce(inSequence, NONE);
    case "either": {
      const parts = node.nodes.map(nodeContent);
      return {
        bytes: union(...parts.map(({ bytes }) => bytes)),
        first: union(...parts.map(({ first }) => first)),
        isMaybeEmpty: parts.some(({ isMaybeEmpty }) => isMaybeEmpty),
        count: parts.reduce((sum, { count }) => sum + count, 0),
      };
    }
    case "repeat":
      return repeated(nodeContent(node.node), node.min, node.max);
  }
}

function inSequence(before: CaptureContent, next: CaptureContent): CaptureContent {
  return {
    bytes: union(before.bytes, next.bytes),
    first: before.isMaybeEmpty ? union(before.first, next.first) : before.first,
    isMaybeEmpty: before.isMaybeEmpty && next.isMaybeEmpty,
    count: before.count * next.count,
  };
}

function repeated(content: CaptureContent, min: number, max: number | undefined): CaptureContent {
  const isMaybeEmpty = min === 0 || content.isMaybeEmpty;
  if (max === 0) return NONE;
  const count =
    max === undefined ? Number.POSITIVE_INFINITY : content.count ** max + (min < max ? 1 : 0);
  return { ...content, isMaybeEmpty, count };
}

interface Group {
  readonly number: number;
  readonly name?: string;
  /** Of what is inside. */
  readonly from: number;
  readonly to: number;
}

/** The capturing groups of a pattern that PCRE would take, in the order of their numbers. */
export function groupsOf(pattern: string): readonly Group[] {
  const groups: Group[] = [];
  const open: (Omit<Group, "to"> | undefined)[] = [];
  let count = 0;
  for (const at of parentheses(pattern)) {
    if (pattern.charAt(at) === ")") {
      const group = open.pop();
      if (group !== undefined) groups.push({ ...group, to: at });
      continue;
    }
    const { isCapturing, name, from } = openingAt(pattern, at);
    if (isCapturing) count += 1;
    const group = { number: count, from, ...(name !== undefined && { name }) };
    open.push(isCapturing ? group : undefined);
  }
  return groups.sort((a, b) => a.number - b.number);
}

/** Where parentheses stand that open or close a group: neither escaped nor members of a class. */
function parentheses(pattern: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === "\\") at += 1;
    else if (character === "[") at = classEnd(pattern, at);
    else if (character === "(" || character === ")") places.push(at);
  }
  return places;
}

interface Opening {
  readonly isCapturing: boolean;
  readonly name?: string;
  readonly from: number;
}

function openingAt(pattern: string, at: number): Opening {
  const head = pattern.slice(at, at + 40);
  const named = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(head);
  const name = named?.[1] ?? named?.[2];
  if (named !== null && name !== undefined) {
    return { isCapturing: true, name, from: at + named[0].length };
  }
  return { isCapturing: !/^\([?*]/.test(head), from: at + 1 };
}

/** Of the `]` that ends a class; the end of the pattern where none does. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern.charAt(at) === "^") at += 1;
  // A `]` that comes first is a member.
  if (pattern.charAt(at) === "]") at += 1;
  while (at < pattern.length && pattern.charAt(at) !== "]") {
    const posix = /^\[:\^?[a-z]+:\]/.exec(pattern.slice(at, at + 14));
    if (posix !== null) at += posix[0].length;
    else at += pattern.charAt(at) === "\\" ? 2 : 1;
  }
  return at;
}
