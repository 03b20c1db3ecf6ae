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
 * pattern uses what the matcher does not do.
 */
export function captureContent(
  pattern: string,
  wanted: number | string,
  isCaseless = false,
): CaptureContent | undefined {
  const parsed = parsePcre(encoder.encode(pattern), isCaseless);
  if (parsed === undefined) return mayHaveGroup(pattern, wanted) ? ANY_CONTENT : undefined;
  const index = typeof wanted === "number" ? wanted : parsed.names.get(wanted);
  const group = index === undefined ? undefined : findGroup(parsed.node, index);
  return group === undefined ? undefined : nodeContent(group);
}

/** By its text alone. */
function mayHaveGroup(pattern: string, wanted: number | string): boolean {
  return typeof wanted === "number"
    ? pattern.split("(").length > wanted
    : pattern.includes(`<${wanted}>`) || pattern.includes(`'${wanted}'`);
}

function findGroup(node: PcreNode, index: number): PcreNode | undefined {
  switch (node.kind) {
    case "assert":
    case "set":
      return undefined;
    case "group":
      return node.index === index ? node.node : findGroup(node.node, index);
    case "look":
    case "repeat":
      return findGroup(node.node, index);
    case "sequence":
    case "either":
      return node.nodes.map((one) => findGroup(one, index)).find((group) => group !== undefined);
  }
}

/** What the whole pattern can match; only of use where it is anchored at both ends. */
export function wholeContent(pattern: string, isCaseless = false): CaptureContent {
  const parsed = parsePcre(encoder.encode(pattern), isCaseless);
  return parsed === undefined ? ANY_CONTENT : nodeContent(parsed.node);
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
    case "group":
      return nodeContent(node.node);
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
