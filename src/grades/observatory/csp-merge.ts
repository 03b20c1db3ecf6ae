/** Policies merged into one, as the method does it: a name in lower case with its sources. */
export interface MergedPolicy {
  readonly directives: ReadonlyMap<string, Set<string>>;
  /** `report-uri` or `report-to` came twice in one policy. */
  readonly hasRepeatedReporting: boolean;
}

/** The shortest text the method takes for a policy: a directive's name of six letters. */
export const POLICY_CHARACTERS_MIN = 6;
const MAY_REPEAT: ReadonlySet<string> = new Set(["report-uri", "report-to"]);
/** Made for the first comparison: its tables cost 3 MB. */
let collator: Intl.Collator | undefined;

function inAlphabet(a: string, b: string): number {
  collator ??= new Intl.Collator("en");
  return collator.compare(a, b);
}

interface Source {
  readonly text: string;
  readonly policy: number;
  isKept: boolean;
}

/**
 * The first policy fixes the sources; of later ones a source counts only where an earlier one has it too. Within a
 * policy a source that starts like the one before it, by alphabet, is superfluous. `undefined` for what the method
 * calls invalid.
 */
export function mergePolicies(texts: readonly string[]): MergedPolicy | undefined {
  const policies = texts.map((text) => text.replace(/[\r\n]/g, "").trim());
  if (policies.some(({ length }) => length < POLICY_CHARACTERS_MIN)) return undefined;
  const parsed = policies.map(directivesOf);
  const repeated = parsed.flatMap(repeatedNames);
  if (repeated.some((name) => !MAY_REPEAT.has(name))) return undefined;
  const merged = new Map<string, readonly Source[]>();
  for (const [policy, directives] of parsed.entries()) {
    if (!addPolicy(merged, directives, policy === 0)) return undefined;
    // With more policies to come, each source must be found again.
    if (policy === 0 && policies.length > 1) for (const kept of merged.values()) release(kept);
  }
  const directives = [...merged].map(([name, sources]): [string, Set<string>] => [
    name,
    new Set(sources.length === 0 ? ["'none'"] : sources.map(({ text }) => text)),
  ]);
  return { directives: new Map(directives), hasRepeatedReporting: repeated.length > 0 };
}

/** False where a source cannot be compared. */
function addPolicy(
  merged: Map<string, readonly Source[]>,
  directives: readonly (readonly [name: string, sources: readonly Source[]])[],
  isFirst: boolean,
): boolean {
  for (const [name, sources] of directives) {
    const before = isFirst ? [] : (merged.get(name) ?? []);
    const kept = combine([...before, ...sources]);
    if (kept === undefined) return false;
    merged.set(name, kept);
  }
  return true;
}

function release(sources: readonly Source[]): void {
  for (const source of sources) source.isKept = false;
}

function repeatedNames(
  directives: readonly (readonly [name: string, sources: readonly Source[]])[],
): readonly string[] {
  const names = directives.map(([name]) => name);
  return names.filter((name, at) => names.indexOf(name) !== at);
}

function directivesOf(
  text: string,
  policy: number,
): readonly (readonly [name: string, sources: readonly Source[]])[] {
  return text.split(";").flatMap((entry) => {
    const [spelled = "", ...words] = entry.trim().split(/\s+/);
    if (spelled === "") return [];
    const name = spelled.toLowerCase();
    // A source list without sources allows nothing.
    const texts = words.length === 0 && name.endsWith("-src") ? ["'none'"] : words;
    const sources = texts.map((word) => ({
      text: word.toLowerCase(),
      policy,
      isKept: policy === 0,
    }));
    return [[name, sources] as const];
  });
}

/** `undefined` where a path cannot be decoded. */
function combine(sources: readonly Source[]): readonly Source[] | undefined {
  const sorted = [...sources].sort((a, b) => inAlphabet(a.text, b.text));
  for (const [at, source] of sorted.entries()) {
    const previous = sorted[at - 1];
    if (previous === undefined) continue;
    if (source.policy === previous.policy) {
      if (source.text.startsWith(previous.text)) source.isKept = false;
      continue;
    }
    const isCovered = covers(previous.text, source.text);
    if (isCovered === undefined) return undefined;
    if (isCovered) source.isKept = true;
  }
  return sorted.filter(({ isKept }) => isKept);
}

/** Whether a source's path takes the other in: piece by piece, and beyond its end where it ends in `/`. */
function covers(wide: string, narrow: string): boolean | undefined {
  // A page may repeat one policy two thousand times.
  if (wide === narrow && !wide.includes("%")) return true;
  const isPrefix = wide.endsWith("/");
  const [outer, inner] = [wide.split("/"), narrow.split("/")];
  if (outer.length > inner.length || (!isPrefix && outer.length !== inner.length)) return false;
  const pieces = isPrefix ? outer.slice(0, -1) : outer;
  for (const [at, piece] of pieces.entries()) {
    const isEqual = isSamePiece(piece, inner[at] ?? "");
    if (isEqual !== true) return isEqual;
  }
  return true;
}

/** `undefined` for a percent sign that encodes nothing. */
function isSamePiece(one: string, other: string): boolean | undefined {
  try {
    return decodeURIComponent(one) === decodeURIComponent(other);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
