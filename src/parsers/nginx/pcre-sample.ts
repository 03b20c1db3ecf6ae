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
  return samplesPcre(pattern, isCaseless, prefix)[0];
}

/** Alternatives of one pattern that are taken, and whether optional parts are there. */
const VARIANTS: readonly Variant[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((pick) => [
  { pick, hasOptional: false, isDotted: false },
  { pick, hasOptional: true, isDotted: false },
  { pick, hasOptional: false, isDotted: true },
  { pick, hasOptional: true, isDotted: true },
]);

interface Variant {
  readonly pick: number;
  readonly hasOptional: boolean;
  /** What takes any character is a dot that was meant as one: `app.example.com`. */
  readonly isDotted: boolean;
}

/** As `samplePcre`, one for each of the first alternatives, with and without what is optional. */
export function samplesPcre(pattern: string, isCaseless: boolean, prefix = ""): readonly string[] {
  const node = parsePcre(new TextEncoder().encode(pattern), isCaseless)?.node;
  if (node === undefined) return [];
  const texts = new Set(VARIANTS.map((variant) => sampleOf(node, variant)));
  const budget = { left: SAMPLE_STEPS_MAX };
  return [...texts].flatMap((text) => {
    if (text === undefined || text.length > SAMPLE_LENGTH_MAX) return [];
    const candidates = [text, `${prefix}${text}`, `${prefix}${text}x`, `${text}x`];
    const found = candidates.find(
      (one) => one.startsWith(prefix) && matchPcre(pattern, isCaseless, one, budget) === "match",
    );
    return found === undefined ? [] : [found];
  });
}

const SAMPLE_STEPS_MAX = 200_000;

/** Tried first, in this order, of what a set allows: usual in names and paths. */
const USUAL = "axmz05-_/.";

/** The shortest way through, which lookarounds and boundaries may refuse; the caller tries it. */
function sampleOf(node: PcreNode, variant: Variant): string | undefined {
  switch (node.kind) {
    case "set":
      return characterOf(node.set, variant);
    case "sequence":
      return joined(node.nodes, variant);
    case "either": {
      const chosen = node.nodes[variant.pick % node.nodes.length];
      return chosen === undefined ? undefined : sampleOf(chosen, variant);
    }
    case "group":
      return sampleOf(node.node, variant);
    case "repeat":
      return repeated(node, variant);
    case "assert":
    case "look":
      return "";
  }
}

/** Members of `.` and its like; a class of host characters has fewer. */
const ANY_SIZE_MIN = 200;
const DOT = 0x2e;

function characterOf(set: Uint8Array, { isDotted }: Variant): string | undefined {
  const size = set.reduce((sum, isIn) => sum + isIn, 0);
  if (isDotted && size >= ANY_SIZE_MIN && set[DOT] === 1) return ".";
  const usual = [...USUAL].find((character) => set[character.charCodeAt(0)] === 1);
  if (usual !== undefined) return usual;
  const lower = set.findIndex((isIn, at) => isIn === 1 && at >= 0x61 && at <= 0x7a);
  const byte =
    lower === -1 ? set.findIndex((isIn, at) => isIn === 1 && at > 0x20 && at < 0x7f) : lower;
  return byte === -1 ? undefined : String.fromCharCode(byte);
}

function joined(nodes: readonly PcreNode[], variant: Variant): string | undefined {
  const parts = nodes.map((node) => sampleOf(node, variant));
  return parts.every((part) => part !== undefined) ? parts.join("") : undefined;
}

function repeated(
  { node, min }: Extract<PcreNode, { kind: "repeat" }>,
  variant: Variant,
): string | undefined {
  const count = min === 0 && variant.hasOptional ? 1 : min;
  if (count > SAMPLE_LENGTH_MAX) return undefined;
  const once = count === 0 ? "" : sampleOf(node, variant);
  // Nested counts multiply: `((a{200}){200}){200}`.
  if (once === undefined || once.length * count > SAMPLE_LENGTH_MAX) return undefined;
  return once.repeat(count);
}
