import { type PcreNode, parsePcre } from "./pcre-parse.ts";

/** Texts made for one pattern. */
export const SAMPLES_MAX = 48;

/**
 * Texts a pattern might match, and ends of such texts: for `\.(css|js)$` they are `.css` and `.js`.
 * None is sure to match (lookarounds and anchors are left out): ask `matchPcre`. None for a pattern that
 * cannot be evaluated.
 */
export function sampleTexts(pattern: string, isCaseless = false): readonly string[] {
  const node = parsePcre(new TextEncoder().encode(pattern), isCaseless)?.node;
  if (node === undefined) return [];
  const branches = node.kind === "either" ? node.nodes : [node];
  const texts = branches.flatMap((branch) => {
    const nodes = branch.kind === "sequence" ? branch.nodes : [branch];
    return nodes.map((_, at) => nodes.slice(at)).flatMap(textsOfSequence);
  });
  return [...new Set(["", ...texts])].slice(0, SAMPLES_MAX);
}

/** Alternatives followed at one place. */
const BRANCHES_MAX = 8;

function textsOfSequence(nodes: readonly PcreNode[]): readonly string[] {
  return nodes.reduce<readonly string[]>(
    (starts, node) =>
      starts
        .flatMap((start) => textsOf(node).map((end) => start + end))
        .filter((text) => text.length <= TEXT_LENGTH_MAX)
        .slice(0, BRANCHES_MAX),
    [""],
  );
}

const TEXT_LENGTH_MAX = 200;

function textsOf(node: PcreNode): readonly string[] {
  switch (node.kind) {
    case "assert":
    case "look":
      return [""];
    case "set":
      return [String.fromCharCode(likelyByte(node.set))];
    case "sequence":
      return textsOfSequence(node.nodes);
    case "either":
      return node.nodes.flatMap(textsOf).slice(0, BRANCHES_MAX);
    case "group":
      return textsOf(node.node);
    case "repeat": {
      const times = Math.min(Math.max(node.min, 1), TEXT_LENGTH_MAX);
      const some = textsOf(node.node).map((text) => text.repeat(times));
      return node.min === 0 ? ["", ...some].slice(0, BRANCHES_MAX) : some;
    }
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A letter where the set has one, else its first printable byte. */
function likelyByte(set: Uint8Array): number {
  const letter = [...LETTERS].find((character) => set[character.charCodeAt(0)] === 1);
  if (letter !== undefined) return letter.charCodeAt(0);
  const printable = set.findIndex((isIn, byte) => isIn === 1 && byte > 0x20 && byte < 0x7f);
  return printable === -1 ? Math.max(0, set.indexOf(1)) : printable;
}
