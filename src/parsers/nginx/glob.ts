/** Whether nginx would hand this to glob(3) rather than open it (`ngx_conf_include`). */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * Whether a file name (no `/`) matches one segment of a glob(3) pattern, flags 0, C locale:
 * `*`, `?`, `[a-z]`, `[!a-z]`, `\` escapes; a leading dot only by a dot.
 * Time is bounded by pattern length times name length.
 */
export function matchesGlobSegment(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".") && !pattern.startsWith("\\.")) return false;
  const items = globItems(pattern);
  // reached[i]: the first i items can match what was read so far.
  let reached = closure(items, [true, ...items.map(() => false)]);
  for (const byte of bytesOf(name)) reached = closure(items, step(items, reached, byte));
  return reached[items.length] === true;
}

const encoder = new TextEncoder();

/** nginx never sets a locale: `?` is one byte, and ranges are of bytes. */
function bytesOf(text: string): readonly string[] {
  return Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte));
}

function step(
  items: readonly GlobItem[],
  reached: readonly boolean[],
  character: string,
): boolean[] {
  const next = [false, ...items.map(() => false)];
  for (const [index, item] of items.entries()) {
    if (!reached[index]) continue;
    if (item.kind === "any") next[index] = true;
    else if (itemMatches(item, character)) next[index + 1] = true;
  }
  return next;
}

type GlobItem =
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "literal"; readonly text: string }
  | {
      readonly kind: "set";
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [from: string, to: string])[];
    };

/** `*` matches nothing, too: whoever stands before it stands behind it as well. */
function closure(items: readonly GlobItem[], reached: boolean[]): boolean[] {
  for (const [index, item] of items.entries()) {
    if (reached[index] && item.kind === "any") reached[index + 1] = true;
  }
  return reached;
}

function itemMatches(item: Exclude<GlobItem, { kind: "any" }>, character: string): boolean {
  switch (item.kind) {
    case "one":
      return true;
    case "literal":
      return item.text === character;
    case "set":
      return (
        item.ranges.some(([from, to]) => from <= character && character <= to) !== item.isNegated
      );
  }
}

function globItems(pattern: string): readonly GlobItem[] {
  const characters = bytesOf(pattern);
  const items: GlobItem[] = [];
  let at = 0;
  while (at < characters.length) {
    const { item, end } = readItem(characters, at);
    // `**` says no more than `*`.
    if (item.kind !== "any" || items.at(-1)?.kind !== "any") items.push(item);
    at = end;
  }
  return items;
}

function readItem(
  characters: readonly string[],
  at: number,
): { readonly item: GlobItem; readonly end: number } {
  const character = characters[at] ?? "";
  const literal = { item: { kind: "literal", text: character }, end: at + 1 } as const;
  switch (character) {
    case "*":
      return { item: { kind: "any" }, end: at + 1 };
    case "?":
      return { item: { kind: "one" }, end: at + 1 };
    case "[":
      return readSet(characters, at) ?? literal;
    case "\\": {
      const text = characters[at + 1];
      return text === undefined ? literal : { item: { kind: "literal", text }, end: at + 2 };
    }
    default:
      return literal;
  }
}

/** The bracket expression at `at`; `undefined` when no `]` closes it: `[` is then itself. */
function readSet(
  characters: readonly string[],
  at: number,
): { readonly item: GlobItem; readonly end: number } | undefined {
  const isNegated = characters[at + 1] === "!" || characters[at + 1] === "^";
  const first = at + (isNegated ? 2 : 1);
  // A `]` right after the opening is a member.
  const end = characters.indexOf("]", first + 1);
  if (end === -1) return undefined;
  const ranges: [string, string][] = [];
  for (let index = first; index < end; index += 1) {
    const from = characters[index] ?? "";
    const isRange = characters[index + 1] === "-" && index + 2 < end;
    ranges.push([from, isRange ? (characters[index + 2] ?? from) : from]);
    if (isRange) index += 2;
  }
  return { item: { kind: "set", isNegated, ranges }, end: end + 1 };
}
