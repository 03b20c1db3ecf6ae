import type { Substituted } from "./substitute.ts";

/** One word of a Caddyfile. */
export interface CaddyToken {
  readonly text: string;
  /** How it was quoted; quoted braces and quoted `import` are text. */
  readonly quote: "" | '"' | "`" | "<<";
  readonly file: string;
  /** From 1, in the file as it lies on disk. */
  readonly line: number;
  readonly column: number;
  /** Nothing stands before it on its line (a line that ends in `\` goes on). */
  readonly startsLine: boolean;
}

export interface CaddyTokens {
  readonly tokens: readonly CaddyToken[];
  /** A quote or heredoc without end, or too many words. */
  readonly problem?: { readonly line: number; readonly message: string };
}

/** Words in one file. */
const TOKENS_MAX = 200_000;
const SPACE = /\s/;
const HEREDOC_MARKER = /^<<([A-Za-z0-9_-]+)\r?$/;

interface Scan {
  readonly text: string;
  at: number;
  startsLine: boolean;
}

interface Word {
  readonly text: string;
  readonly quote: CaddyToken["quote"];
  readonly start: number;
  readonly startsLine: boolean;
  readonly isOpen: boolean;
}

/**
 * Splits a Caddyfile into words as Caddy's lexer does (caddyconfig/caddyfile/lexer.go, v2.7):
 * `#` begins a comment only at the start of a word, `\` before a newline joins lines, `"` knows
 * only `\"`, a backtick quote knows no escape, `<<MARKER` begins a heredoc.
 */
export function tokenizeCaddyfile(
  file: string,
  source: Substituted,
  original: string,
): CaddyTokens {
  const text = source.text;
  const scan: Scan = { text, at: text.startsWith("\uFEFF") ? 1 : 0, startsLine: true };
  const position = lineCounter(original);
  const tokens: CaddyToken[] = [];
  for (;;) {
    skipSpace(scan);
    if (scan.at >= text.length) return { tokens };
    const word = readWord(scan);
    const { line, column } = position(source.original(word.start));
    tokens.push({
      text: word.text,
      quote: word.quote,
      file,
      line,
      column,
      startsLine: word.startsLine,
    });
    if (word.isOpen) return { tokens, problem: { line, message: "a quote or heredoc has no end" } };
    if (tokens.length >= TOKENS_MAX)
      return { tokens, problem: { line, message: "too many words" } };
  }
}

function skipSpace(scan: Scan): void {
  const { text } = scan;
  while (scan.at < text.length) {
    const next = afterSpace(text, scan.at);
    if (next === scan.at) return;
    if (text.charAt(scan.at) === "\n") scan.startsLine = true;
    scan.at = next;
  }
}

/** Index after one blank, comment or joined line end; `at` itself when a word begins there. */
function afterSpace(text: string, at: number): number {
  const character = text.charAt(at);
  if (SPACE.test(character)) return at + 1;
  if (character === "#") {
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end;
  }
  const joins = character === "\\" && /^\r?\n/.test(text.slice(at + 1, at + 3));
  return joins ? text.indexOf("\n", at) + 1 : at;
}

function readWord(scan: Scan): Word {
  const start = scan.at;
  const { startsLine } = scan;
  scan.startsLine = false;
  const first = scan.text.charAt(start);
  if (first === '"') return { ...readQuoted(scan), start, startsLine };
  if (first === "`") return { ...readBackticked(scan), start, startsLine };
  if (scan.text.startsWith("<<", start)) {
    const heredoc = readHeredoc(scan);
    if (heredoc !== undefined) return { ...heredoc, start, startsLine };
  }
  return { ...readBare(scan), start, startsLine };
}

type Read = Pick<Word, "text" | "quote" | "isOpen">;

function readQuoted(scan: Scan): Read {
  const { text } = scan;
  const parts: string[] = [];
  let from = scan.at + 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      if (text.charAt(at + 1) === '"') {
        parts.push(text.slice(from, at));
        from = at + 1;
      }
      at += 1;
    } else if (character === '"') {
      scan.at = at + 1;
      return { text: parts.join("") + text.slice(from, at), quote: '"', isOpen: false };
    }
  }
  scan.at = text.length;
  return { text: parts.join("") + text.slice(from), quote: '"', isOpen: true };
}

function readBackticked(scan: Scan): Read {
  const end = scan.text.indexOf("`", scan.at + 1);
  const isOpen = end === -1;
  const stop = isOpen ? scan.text.length : end;
  const text = scan.text.slice(scan.at + 1, stop);
  scan.at = isOpen ? stop : stop + 1;
  return { text, quote: "`", isOpen };
}

/** `undefined` when what follows `<<` is no marker: then it is a plain word. */
function readHeredoc(scan: Scan): Read | undefined {
  const { text } = scan;
  const lineEnd = text.indexOf("\n", scan.at);
  if (lineEnd === -1) return undefined;
  const marker = HEREDOC_MARKER.exec(text.slice(scan.at, lineEnd))?.[1];
  if (marker === undefined) return undefined;
  const end = text.indexOf(marker, lineEnd);
  const stop = end === -1 ? text.length : end;
  scan.at = end === -1 ? stop : stop + marker.length;
  const body = text.slice(lineEnd + 1, Math.max(stop, lineEnd + 1));
  const lastBreak = body.lastIndexOf("\n");
  const indent = body.slice(lastBreak + 1);
  const lines = lastBreak === -1 ? [] : body.slice(0, lastBreak).split("\n");
  return {
    text: lines
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join("\n"),
    quote: "<<",
    isOpen: end === -1,
  };
}

function readBare(scan: Scan): Read {
  const { text } = scan;
  let at = scan.at;
  while (at < text.length && !SPACE.test(text.charAt(at))) at += 1;
  // A `\` at the very end of a line joins the next one and is not part of the word.
  const joins =
    at > scan.at && text.charAt(at - 1) === "\\" && /^\r?\n/.test(text.slice(at, at + 2));
  const end = joins ? at - 1 : at;
  const word = text.slice(scan.at, end);
  scan.at = Math.max(end, scan.at + 1);
  return { text: word, quote: "", isOpen: false };
}

/** Line and column of an offset, both from 1. Offsets may be asked in any order. */
function lineCounter(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
