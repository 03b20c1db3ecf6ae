/** One word of a directive, quotes taken off. */
export interface ApacheWord {
  readonly text: string;
  /** From 1; on a line joined by `\`, the column as if it were one line. */
  readonly column: number;
}

/** Longest line httpd takes after joining is 16 MiB (MAX_STRING_LEN is 8 KiB per word). */
const LINES_MAX = 200_000;
export const LINE_CHARACTERS_MAX = 65_536;

/**
 * Lines with `\` continuations joined, blank ones and comments left out.
 *
 * A comment is a whole line whose first mark is `#`; it can be continued by `\` as well
 * (httpd documentation, "Configuration Files": no comment after a directive).
 */
export function* logicalLines(
  text: string,
): Generator<{ readonly text: string; readonly line: number; readonly column: number }> {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  let joined = "";
  let start = 0;
  for (const [index, raw] of lines.slice(0, LINES_MAX).entries()) {
    const line = raw.replace(/\r$/, "");
    if (joined === "") start = index;
    const continues = line.endsWith("\\") && joined.length < LINE_CHARACTERS_MAX;
    joined += continues ? `${line.slice(0, -1)}\u0000` : line;
    if (continues && index + 1 < lines.length) continue;
    // The mark keeps a joined, still empty line apart from none; it is not part of the text.
    const whole = joined.replaceAll("\u0000", "").slice(0, LINE_CHARACTERS_MAX);
    joined = "";
    const trimmed = whole.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    yield { text: trimmed, line: start + 1, column: whole.length - whole.trimStart().length + 1 };
  }
}

/**
 * Splits as httpd's `ap_getword_conf`: blanks part words, a word may be quoted as a whole with `"`
 * or `'`, and `\` escapes the quote mark and itself within quotes.
 */
export function splitApacheWords(text: string, column: number): readonly ApacheWord[] {
  const words: ApacheWord[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const { word, end } =
      character === '"' || character === "'" ? quotedWord(text, at) : bareWord(text, at);
    words.push({ text: word, column: column + at });
    at = end;
  }
  return words;
}

function bareWord(text: string, at: number): { word: string; end: number } {
  let end = at;
  while (end < text.length && !/\s/.test(text.charAt(end))) end += 1;
  return { word: text.slice(at, end), end };
}

function quotedWord(text: string, at: number): { word: string; end: number } {
  const mark = text.charAt(at);
  const parts: string[] = [];
  let from = at + 1;
  let end = from;
  while (end < text.length && text.charAt(end) !== mark) {
    const next = text.charAt(end + 1);
    if (text.charAt(end) === "\\" && (next === mark || next === "\\")) {
      parts.push(text.slice(from, end));
      from = end + 1;
      end += 1;
    }
    end += 1;
  }
  parts.push(text.slice(from, end));
  return { word: parts.join(""), end: Math.min(end + 1, text.length) };
}
