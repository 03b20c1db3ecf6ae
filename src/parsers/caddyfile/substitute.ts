/** Text after `{$NAME:default}` was replaced, with the way back to where it stood. */
export interface Substituted {
  readonly text: string;
  /** Offset in the original for an offset in `text`; an offset inside a value gives where its `{$` stood. */
  original(offset: number): number;
  /** Names without value and without default: left in the text as written. */
  readonly unresolved: readonly string[];
}

/** Characters of text after substitution; past it the rest stays as written. */
const SUBSTITUTED_CHARACTERS_MAX = 4_000_000;

interface Segment {
  readonly from: number;
  readonly originalFrom: number;
  readonly isValue: boolean;
}

/**
 * Replaces `{$NAME}` and `{$NAME:default}` as Caddy does: in the raw text, before it is split into
 * words, in comments and quotes as well (caddyconfig/caddyfile/parse.go, `replaceEnvVars`).
 *
 * Caddy puts nothing where a variable is not set. Whose environment is asked is not certain here,
 * so an unknown name stays in the text, where a reader can see that it is not known.
 */
export function substituteEnvironment(
  text: string,
  lookup: (name: string) => string | undefined,
): Substituted {
  const parts: string[] = [];
  const segments: Segment[] = [];
  const unresolved = new Set<string>();
  let length = 0;
  const append = (part: string, originalFrom: number, isValue: boolean): void => {
    if (part === "") return;
    segments.push({ from: length, originalFrom, isValue });
    parts.push(part);
    length += part.length;
  };
  let at = 0;
  while (length < SUBSTITUTED_CHARACTERS_MAX) {
    const start = text.indexOf("{$", at);
    const end = start === -1 ? -1 : text.indexOf("}", start + 2);
    if (end === -1) break;
    append(text.slice(at, start), at, false);
    const body = text.slice(start + 2, end);
    const value = environmentValue(body, lookup, unresolved);
    if (value === undefined) append(text.slice(start, end + 1), start, false);
    else append(value, start, true);
    at = end + 1;
  }
  append(text.slice(at), at, false);
  return {
    text: parts.join(""),
    original: (offset) => originalOffset(segments, offset),
    unresolved: [...unresolved],
  };
}

function environmentValue(
  body: string,
  lookup: (name: string) => string | undefined,
  unresolved: Set<string>,
): string | undefined {
  const colon = body.indexOf(":");
  const name = colon === -1 ? body : body.slice(0, colon);
  if (name === "") return undefined;
  const value = lookup(name);
  if (value !== undefined) return value;
  if (colon !== -1) return body.slice(colon + 1);
  unresolved.add(name);
  return undefined;
}

function originalOffset(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((segments[middle]?.from ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  if (segment === undefined) return offset;
  return segment.isValue ? segment.originalFrom : segment.originalFrom + offset - segment.from;
}
