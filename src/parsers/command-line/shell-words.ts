import { interpolate } from "../compose/interpolate.ts";

/** A word with its quotes removed, or an operator (`&&`, `;`, `|`) that ends a command. */
export interface ShellWord {
  readonly text: string;
  readonly isOperator: boolean;
}

/** Characters of one command line that are looked at: `ARG_MAX` is larger, no real start command is. */
export const COMMAND_CHARS_MAX = 16_384;

type Lookup = (name: string) => string | undefined;

/**
 * Splits as a POSIX shell does (XCU 2.2, 2.3): quotes, backslashes, comments, operators;
 * redirections are dropped. `$(...)` and backticks stay as written, nothing is run. A variable
 * that `lookup` does not know and that has no default stays as written.
 */
export function splitShellWords(line: string, lookup: Lookup): readonly ShellWord[] {
  const text = line.slice(0, COMMAND_CHARS_MAX);
  const words: ShellWord[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 3);
    const operator = /^(?:&&|\|\||;;|[;&|()\n])/.exec(rest)?.[0];
    if (operator !== undefined) {
      words.push({ text: operator, isOperator: true });
      at += operator.length;
    } else if (/^\s/.test(rest)) {
      at += 1;
    } else if (rest.startsWith("#")) {
      at = lineEnd(text, at);
    } else {
      at = pushWord(text, at, lookup, words);
    }
  }
  return words;
}

function pushWord(text: string, at: number, lookup: Lookup, words: ShellWord[]): number {
  const redirection = redirectionAt(text, at);
  const start = redirection ?? at;
  const word = readWord(text, start, lookup);
  if (redirection === undefined) words.push({ text: word.text, isOperator: false });
  // A word that ends where it began is a character no rule took: step over it.
  return Math.max(word.end, at + 1);
}

/** `2>&1`, `>> log`, `< in`, `&>out`: where the target's word starts. */
function redirectionAt(text: string, at: number): number | undefined {
  const match = /^\d{0,2}(?:<<?<?|>>?|>\||<>)&?[ \t]*/.exec(text.slice(at, at + 64));
  return match === null ? undefined : at + match[0].length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readWord(text: string, start: number, lookup: Lookup): Piece {
  let word = "";
  let at = start;
  while (at < text.length && !/[\s;&|()<>]/.test(text[at] ?? "")) {
    const piece = readPiece(text, at, lookup);
    word += piece.text;
    at = piece.end;
  }
  return { text: word, end: at };
}

function readPiece(text: string, at: number, lookup: Lookup): Piece {
  const char = text[at] ?? "";
  if (char === "\\") return { text: text[at + 1] ?? "", end: at + 2 };
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    const stop = end < 0 ? text.length : end;
    return { text: text.slice(at + 1, stop), end: stop + 1 };
  }
  if (char === '"') return readDoubleQuoted(text, at + 1, lookup);
  if (char === "$" || char === "`") return readExpansion(text, at, lookup);
  return { text: char, end: at + 1 };
}

function readDoubleQuoted(text: string, start: number, lookup: Lookup): Piece {
  let word = "";
  let at = start;
  while (at < text.length && text[at] !== '"') {
    const piece = readQuotedPiece(text, at, lookup);
    word += piece.text;
    at = piece.end;
  }
  return { text: word, end: at + 1 };
}

function readQuotedPiece(text: string, at: number, lookup: Lookup): Piece {
  const char = text[at] ?? "";
  if (char === "$" || char === "`") return readExpansion(text, at, lookup);
  if (char !== "\\") return { text: char, end: at + 1 };
  const next = text[at + 1] ?? "";
  return { text: /["$`\\]/.test(next) ? next : `\\${next}`, end: at + 2 };
}

function readExpansion(text: string, at: number, lookup: Lookup): Piece {
  const end = expansionEnd(text, at);
  const written = text.slice(at, end);
  if (written.startsWith("$(") || written.startsWith("`")) return { text: written, end };
  const name = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)(.*)/s.exec(written);
  const isKnown =
    name !== null && (lookup(name[1] ?? "") !== undefined || /^:?[-+]/.test(name[2] ?? ""));
  return { text: isKnown ? interpolate(written, lookup).text : written, end };
}

function expansionEnd(text: string, at: number): number {
  if (text[at] === "`") {
    const end = text.indexOf("`", at + 1);
    return end < 0 ? text.length : end + 1;
  }
  if (text[at + 1] === "(") return closing(text, at + 1, "(", ")");
  if (text[at + 1] === "{") return closing(text, at + 1, "{", "}");
  return at + 1 + (/^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at + 1, at + 257))?.[0].length ?? 0);
}

function closing(text: string, open: number, opens: string, closes: string): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === opens) depth += 1;
    if (text[at] === closes) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
