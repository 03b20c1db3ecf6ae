/** One pattern of a `.gitignore` or `.dockerignore`. */
export interface IgnorePattern {
  readonly segments: readonly string[];
  readonly isNegated: boolean;
  /** Ends in `/`: matches directories only. */
  readonly isDirectoryOnly: boolean;
  readonly line: number;
}

/** Patterns of one file; further ones are dropped. */
export const PATTERNS_MAX = 5_000;
/** Characters of one pattern. */
const PATTERN_CHARS_MAX = 1_024;

/** An ignore file with the directory it stands in, relative to the root; empty for the root's. */
export interface IgnoreFile {
  readonly directory: string;
  readonly patterns: readonly IgnorePattern[];
}

/** Parses gitignore(5) patterns. A pattern without an inner slash matches at any depth. */
export function parseGitignore(text: string): readonly IgnorePattern[] {
  return ignoreLines(text, /^#/).flatMap(({ text: line, number }) => {
    const trimmed = line.replace(/(?<!\\)[ \t]+$/, "");
    const isNegated = trimmed.startsWith("!");
    const body = isNegated ? trimmed.slice(1) : trimmed;
    const isDirectoryOnly = body.endsWith("/");
    const path = body.replace(/\/+$/, "");
    if (path === "" || path.length > PATTERN_CHARS_MAX) return [];
    const isAnchored = path.includes("/");
    const segments = path.replace(/^\//, "").split("/");
    return [
      {
        segments: isAnchored ? segments : ["**", ...segments],
        isNegated,
        isDirectoryOnly,
        line: number,
      },
    ];
  });
}

/** Parses `.dockerignore`: every pattern is relative to the context's root, Go's `filepath.Match` and `**`. */
export function parseDockerignore(text: string): readonly IgnorePattern[] {
  return ignoreLines(text, /^#/).flatMap(({ text: line, number }) => {
    const trimmed = line.trim();
    const isNegated = trimmed.startsWith("!");
    const segments = (isNegated ? trimmed.slice(1).trim() : trimmed)
      .split("/")
      .filter((segment) => segment !== "" && segment !== ".");
    if (segments.length === 0 || trimmed.length > PATTERN_CHARS_MAX) return [];
    return [{ segments, isNegated, isDirectoryOnly: false, line: number }];
  });
}

function ignoreLines(text: string, comment: RegExp): readonly { text: string; number: number }[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, index) => ({ text: line, number: index + 1 }))
    .filter((line) => line.text.trim() !== "" && !comment.test(line.text))
    .slice(0, PATTERNS_MAX);
}

/**
 * Whether git ignores the file `path` (relative to the root). `files` from the lowest precedence
 * (`.git/info/exclude`) to the deepest `.gitignore`; the last pattern that matches decides, and
 * nothing brings back a file whose directory is ignored.
 */
export function isGitIgnored(files: readonly IgnoreFile[], path: string): boolean {
  const segments = path.split("/");
  return segments.some((_, index) => {
    const isDirectory = index < segments.length - 1;
    return decides(files, segments.slice(0, index + 1), isDirectory) === "ignored";
  });
}

function decides(
  files: readonly IgnoreFile[],
  segments: readonly string[],
  isDirectory: boolean,
): "ignored" | "kept" | undefined {
  for (const { directory, patterns } of [...files].reverse()) {
    const base = directory === "" ? [] : directory.split("/");
    const isBelow =
      base.length < segments.length && base.every((each, at) => each === segments[at]);
    if (!isBelow) continue;
    const relative = segments.slice(base.length);
    const match = patterns.findLast(
      (pattern) =>
        (isDirectory || !pattern.isDirectoryOnly) && matchesPath(pattern.segments, relative),
    );
    if (match !== undefined) return match.isNegated ? "kept" : "ignored";
  }
  return undefined;
}

/** Whether docker leaves `path` out of the build context: a pattern also covers all below it. */
export function isDockerIgnored(patterns: readonly IgnorePattern[], path: string): boolean {
  const segments = path.split("/");
  let isIgnored = false;
  for (const { segments: pattern, isNegated } of patterns) {
    if (isIgnored !== isNegated) continue;
    const matches = segments.some((_, index) => matchesPath(pattern, segments.slice(0, index + 1)));
    if (matches) isIgnored = !isNegated;
  }
  return isIgnored;
}

/** `**` takes any number of segments; a last one takes at least one: what is inside. */
function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  const end = matchGreedily(path.length, {
    isStar: (at) => pattern[at] === "**",
    take: (at, index) => {
      const segment = pattern[at];
      return segment !== undefined && matchesSegment(segment, path[index] ?? "")
        ? at + 1
        : undefined;
    },
  });
  return end === pattern.length;
}

/** One path segment against `*`, `?`, `[a-z]`, `\x`. */
function matchesSegment(pattern: string, text: string): boolean {
  const end = matchGreedily(text.length, {
    isStar: (at) => pattern[at] === "*",
    take: (at, index) => takeOne(pattern, at, text[index] ?? ""),
  });
  return end !== undefined && /^\**$/.test(pattern.slice(end));
}

interface Matcher {
  readonly isStar: (at: number) => boolean;
  /** Where the pattern goes on when its element at `at` takes the text at `index`. */
  readonly take: (at: number, index: number) => number | undefined;
}

/**
 * Matches the whole text and returns where in the pattern that ends. Only the last star is ever
 * returned to, so the steps are at most pattern times text: no pattern can stall it.
 */
function matchGreedily(length: number, { isStar, take }: Matcher): number | undefined {
  let at = 0;
  let index = 0;
  let star: { at: number; index: number } | undefined;
  while (index < length) {
    const next = isStar(at) ? undefined : take(at, index);
    if (next !== undefined) {
      at = next;
      index += 1;
      continue;
    }
    if (isStar(at)) star = { at: at + 1, index };
    else if (star === undefined) return undefined;
    else star = { at: star.at, index: star.index + 1 };
    ({ at, index } = star);
  }
  return at;
}

function takeOne(pattern: string, at: number, char: string): number | undefined {
  const element = pattern[at];
  if (element === "?") return at + 1;
  if (element === "\\") return pattern[at + 1] === char ? at + 2 : undefined;
  // A `]` that comes first is a member of the class.
  const first = at + (/^[!^]/.test(pattern.slice(at + 1, at + 2)) ? 3 : 2);
  const close = element === "[" ? pattern.indexOf("]", first) : -1;
  if (close < 0) return element === char ? at + 1 : undefined;
  return matchesClass(pattern.slice(at + 1, close), char) ? close + 1 : undefined;
}

function matchesClass(body: string, char: string): boolean {
  const isNegated = /^[!^]/.test(body);
  const set = isNegated ? body.slice(1) : body;
  let isIn = false;
  for (let at = 0; at < set.length; at += 1) {
    const isRange = set[at + 1] === "-" && at + 2 < set.length;
    const low = set[at] ?? "";
    const high = isRange ? (set[at + 2] ?? "") : low;
    if (char >= low && char <= high) isIn = true;
    if (isRange) at += 2;
  }
  return isIn !== isNegated;
}
