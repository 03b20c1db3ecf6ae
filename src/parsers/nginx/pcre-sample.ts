import { matchPcre } from "./pcre.ts";
import { type PcreNode, parsePcre } from "./pcre-parse.ts";

/** Longest sample, in characters: a pattern with counts may ask for any length. */
export const SAMPLE_LENGTH_MAX = 200;

/**
 * A text that a pattern matches, made of letters and digits as far as it allows: a host for a
 * `server_name ~...`, a path for a `location ~ ...`. `undefined` where none is found; a pattern without `^`
 * matches it after `prefix`.
 */
export function samplePcre(pattern: string, isCaseless: boolean, prefix = ""): string | undefined {
  const node = parsePcre(new TextEncoder().encode(pattern), isCaseless)?.node;
  if (node === undefined) return undefined;
  const text = sampleOf(node);
  if (text === undefined || text.length > SAMPLE_LENGTH_MAX) return undefined;
  const candidates = [text, `${prefix}${text}`, `${prefix}${text}x`, `${text}x`];
  return candidates.find(
    (one) =>
      one.startsWith(prefix) &&
      matchPcre(pattern, isCaseless, one, { left: SAMPLE_STEPS_MAX }) === "match",
  );
}

const SAMPLE_STEPS_MAX = 200_000;

/** Tried first, in this order, of what a set allows: usual in names and paths. */
const USUAL = "axmz05-_/.";

/** The shortest way through, which lookarounds and boundaries may refuse; the caller tries it. */
function sampleOf(node: PcreNode): string | undefined {
  switch (node.kind) {
    case "set":
      return characterOf(node.set);
    case "sequence":
      return joined(node.nodes);
    case "either":
      return node.nodes.map(sampleOf).find((one) => one !== undefined);
    case "group":
      return sampleOf(node.node);
    case "repeat":
      return repeated(node.node, node.min);
    case "assert":
    case "look":
      return "";
  }
}

function characterOf(set: Uint8Array): string | undefined {
  const usual = [...USUAL].find((character) => set[character.charCodeAt(0)] === 1);
  if (usual !== undefined) return usual;
  const byte = set.findIndex((isIn, at) => isIn === 1 && at > 0x20 && at < 0x7f);
  return byte === -1 ? undefined : String.fromCharCode(byte);
}

function joined(nodes: readonly PcreNode[]): string | undefined {
  const parts = nodes.map(sampleOf);
  return parts.every((part) => part !== undefined) ? parts.join("") : undefined;
}

function repeated(node: PcreNode, count: number): string | undefined {
  if (count > SAMPLE_LENGTH_MAX) return undefined;
  const once = count === 0 ? "" : sampleOf(node);
  // Nested counts multiply: `((a{200}){200}){200}`.
  if (once === undefined || once.length * count > SAMPLE_LENGTH_MAX) return undefined;
  return once.repeat(count);
}
