/** A word as written, quotes and expansions in it, or an operator of the grammar. */
export interface ShellToken {
  readonly kind: "word" | "operator";
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** Characters of one script that are read. */
export const SCRIPT_CHARS_MAX = 262_144;

const OPERATOR = /(?:;;&|;&|;;|&&|\|\||\|&|[;&|()\n])/y;
const REDIRECTION = /(?:\d{0,3}|&)(?:<<-|<<<|<<|>>|>&|<&|>\||<>|[<>](?!\())[ \t]*/y;
const WORD_END = /[\s;&|()<>]/;

interface Cursor {
  readonly text: string;
  at: number;
  line: number;
  /** Delimiters of the here-documents whose bodies start on the next line. */
  pending: { readonly name: string; readonly isIndented: boolean }[];
}

/**
 * Splits a script as a shell does (POSIX XCU 2.3): words keep their quotes, redirections and
 * here-documents are left out, comments too. Never throws.
 */
export function shellTokens(script: string): readonly ShellToken[] {
  const text = script.slice(0, SCRIPT_CHARS_MAX).replaceAll("\r\n", "\n");
  const cursor: Cursor = { text, at: 0, line: 1, pending: [] };
  const tokens: ShellToken[] = [];
  while (cursor.at < text.length) {
    const token = nextToken(cursor);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function nextToken(cursor: Cursor): ShellToken | undefined {
  const { text, at, line } = cursor;
  if (text.startsWith("\\\n", at)) {
    cursor.at += 2;
    cursor.line += 1;
    return undefined;
  }
  const char = text[at] ?? "";
  if (char === "#") {
    const end = text.indexOf("\n", at);
    cursor.at = end < 0 ? text.length : end;
    return undefined;
  }
  if (char !== "\n" && /\s/.test(char)) {
    cursor.at += 1;
    return undefined;
  }
  const redirection = matchAt(REDIRECTION, text, at);
  if (redirection !== undefined) return skipRedirection(cursor, redirection);
  const operator = matchAt(OPERATOR, text, at);
  if (operator === undefined) return { kind: "word", text: takeWord(cursor), line };
  cursor.at += operator.length;
  if (operator === "\n") {
    cursor.line += 1;
    skipDocuments(cursor);
  }
  return { kind: "operator", text: operator, line };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skipRedirection(cursor: Cursor, redirection: string): undefined {
  cursor.at += redirection.length;
  const target = takeWord(cursor);
  const isDocument = /<<-?[ \t]*$/.test(redirection) && !redirection.includes("<<<");
  if (isDocument) {
    const name = target.replace(/["'\\]/g, "");
    cursor.pending.push({ name, isIndented: redirection.includes("<<-") });
  }
  return undefined;
}

/** Bodies of here-documents, each up to the line that is its delimiter. */
function skipDocuments(cursor: Cursor): void {
  for (const { name, isIndented } of cursor.pending) {
    let line: string | undefined;
    do line = takeLine(cursor);
    while (line !== undefined && (isIndented ? line.replace(/^\t+/, "") : line) !== name);
  }
  cursor.pending = [];
}

function takeLine(cursor: Cursor): string | undefined {
  const { text, at } = cursor;
  if (at >= text.length) return undefined;
  const end = text.indexOf("\n", at);
  const stop = end < 0 ? text.length : end;
  cursor.at = Math.min(stop + 1, text.length);
  cursor.line += 1;
  return text.slice(at, stop);
}

function takeWord(cursor: Cursor): string {
  const { text, at: start } = cursor;
  let at = start;
  while (at < text.length && !WORD_END.test(text[at] ?? "")) at = pieceEnd(text, at);
  // `NAME=(a b)` and `<(cmd)`: an array and a process substitution belong to their word.
  if (text[at] === "(" && text[at - 1] === "=") at = closingAt(text, at, "(", ")");
  else if (at === start && /^[<>]\(/.test(text.slice(at, at + 2)))
    at = closingAt(text, at + 1, "(", ")");
  const end = Math.max(at, start + 1);
  const word = text.slice(start, end);
  cursor.at = end;
  cursor.line += word.split("\n").length - 1;
  return word;
}

/** The quotes, expansions and characters of a word, as written. */
export function wordPieces(raw: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < raw.length; ) {
    const end = Math.max(pieceEnd(raw, at), at + 1);
    pieces.push(raw.slice(at, end));
    at = end;
  }
  return pieces;
}

/** What is special between double quotes: a backslash, an expansion; all else is one character. */
export function quotedPieces(inner: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < inner.length; ) {
    const isSpecial = /[\\$`]/.test(inner[at] ?? "");
    const end = isSpecial ? Math.max(pieceEnd(inner, at), at + 1) : at + 1;
    pieces.push(inner.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Where the quote, expansion or character at `at` ends. */
function pieceEnd(text: string, at: number): number {
  const char = text[at];
  if (char === "\\") return at + 2;
  if (char === "'") return quoteEnd(text, at);
  if (char === '"') return doubleQuoteEnd(text, at);
  if (char === "`") {
    const end = text.indexOf("`", at + 1);
    return end < 0 ? text.length : end + 1;
  }
  return char === "$" ? expansionEnd(text, at) : at + 1;
}

function expansionEnd(text: string, at: number): number {
  const next = text[at + 1] ?? "";
  if (next === "(") return closingAt(text, at + 1, "(", ")");
  if (next === "{") return closingAt(text, at + 1, "{", "}");
  // `$'...'` and `$"..."` are quotes of bash.
  if (next === "'") return quoteEnd(text, at + 1);
  const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(text.slice(at + 1, at + 129))?.[0] ?? "";
  return at + 1 + name.length;
}

function quoteEnd(text: string, at: number): number {
  const end = text.indexOf("'", at + 1);
  return end < 0 ? text.length : end + 1;
}

function doubleQuoteEnd(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') {
    at = text[at] === "'" ? at + 1 : pieceEnd(text, at);
  }
  return Math.min(at + 1, text.length);
}

function closingAt(text: string, open: number, opens: string, closes: string): number {
  let depth = 0;
  let at = open;
  while (at < text.length) {
    if (text[at] === opens) depth += 1;
    if (text[at] === closes) depth -= 1;
    if (depth === 0) return at + 1;
    at = /["'\\`]/.test(text[at] ?? "") ? pieceEnd(text, at) : at + 1;
  }
  return text.length;
}
