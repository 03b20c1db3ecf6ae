import { luaBlockEnd } from "./lua.ts";

/** Longest file that is read, in UTF-16 code units: some 40 times the largest seen (200 hosts, 356 kB). */
export const TEXT_LENGTH_MAX = 16 * 1024 * 1024;
/** Problems listed per file; a binary file taken for a configuration has thousands. */
export const PROBLEMS_MAX = 100;
/** nginx's read buffer (`NGX_CONF_BUFFER`): a word or comment this long in bytes is refused. */
export const WORD_BYTES_MAX = 4096;

/** Where something stands. Line and column count from 1; a column is a UTF-16 code unit. */
export interface NginxPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One word of a directive, unquoted and unescaped as nginx does it. */
export interface NginxWord extends NginxPosition {
  readonly text: string;
  readonly quote: "none" | "single" | "double";
}

/**
 * - `syntax`: nginx would refuse to start.
 * - `limit`: a bound of this reader, or nginx's own on a word's length, is passed.
 * - `missing-include`, `unreadable-include`, `include-cycle`: a file that should be part is not.
 * - `value`: a directive of the server model (`listen`, `location`) has arguments nginx refuses.
 */
export interface NginxProblem extends NginxPosition {
  readonly kind:
    | "syntax"
    | "limit"
    | "missing-include"
    | "unreadable-include"
    | "include-cycle"
    | "value";
  /** What is wrong, in sentence case without a full stop; quotes at most a few characters. */
  readonly message: string;
}

/** What ends a run of words: `ngx_conf_read_token` returns after each of them. */
export type NginxStatement =
  | {
      readonly kind: "simple" | "block";
      readonly words: readonly NginxWord[];
      readonly at: NginxPosition;
    }
  | { readonly kind: "close"; readonly at: NginxPosition }
  | { readonly kind: "end"; readonly at: NginxPosition };

/** Reads one statement per call; after `end` it goes on answering `end`. */
export interface NginxTokenizer {
  next(): NginxStatement;
  /**
   * Steps over the Lua body whose `{` was the last thing read, and over its `}`.
   * Returns the body, or `undefined` when it does not end before the file does.
   */
  skipLua(): string | undefined;
  /** Where it stands: behind the last `;`, `{` or `}` read, in UTF-16 code units. */
  offset(): number;
  readonly problems: readonly NginxProblem[];
}

interface Scanner {
  readonly text: string;
  readonly file: string;
  readonly problems: NginxProblem[];
  offset: number;
  line: number;
  /** Offset of the current line's first character. */
  lineStart: number;
}

/**
 * Splits a configuration into statements the way `ngx_conf_read_token` (nginx 1.22.1,
 * src/core/ngx_conf_file.c) does. Where nginx stops at an error, this one notes a problem and goes on.
 * Never throws; time is linear in the text.
 */
export function tokenizeNginx(text: string, file: string): NginxTokenizer {
  const scanner: Scanner = { text, file, problems: [], offset: 0, line: 1, lineStart: 0 };
  if (text.charCodeAt(0) === BOM) {
    note(
      scanner,
      position(scanner),
      "syntax",
      "A byte order mark stands before the first directive",
    );
    scanner.offset = 1;
  }
  return {
    next: () => readStatement(scanner),
    skipLua: () => skipLua(scanner),
    offset: () => scanner.offset,
    problems: scanner.problems,
  };
}

const BOM = 0xfeff;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const SINGLE_QUOTE = 0x27;
const CLOSE_PARENTHESIS = 0x29;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

function isWordEnd(code: number): boolean {
  return isBlank(code) || code === SEMICOLON || code === OPEN_BRACE;
}

function position(scanner: Scanner): NginxPosition {
  const { file, line, offset, lineStart } = scanner;
  return { file, line, column: offset - lineStart + 1 };
}

function note(
  scanner: Scanner,
  { file, line, column }: NginxPosition,
  kind: NginxProblem["kind"],
  message: string,
): void {
  if (scanner.problems.length < PROBLEMS_MAX) {
    scanner.problems.push({ kind, message, file, line, column });
  }
}

/** Moves to `to`, counting the lines passed. */
function advance(scanner: Scanner, to: number): void {
  const { text } = scanner;
  for (let at = scanner.offset; at < to; at += 1) {
    if (text.charCodeAt(at) === LF) {
      scanner.line += 1;
      scanner.lineStart = at + 1;
    }
  }
  scanner.offset = to;
}

function readStatement(scanner: Scanner): NginxStatement {
  const words: NginxWord[] = [];
  for (;;) {
    skipBlanks(scanner);
    const code = scanner.text.charCodeAt(scanner.offset);
    if (!isStatementEnd(code)) {
      words.push(readWord(scanner, code));
      continue;
    }
    const done = statementEnd(scanner, words, code);
    if (done !== "skipped") return done;
  }
}

/** The file's end, too, of which `charCodeAt` has no number. */
function isStatementEnd(code: number): boolean {
  return code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE || Number.isNaN(code);
}

/** The statement that ends here; `skipped` past a stray `;`. */
function statementEnd(
  scanner: Scanner,
  words: readonly NginxWord[],
  code: number,
): NginxStatement | "skipped" {
  const at = position(scanner);
  const start = startOf(words) ?? at;
  if (Number.isNaN(code)) {
    if (words.length === 0) return { kind: "end", at };
    note(scanner, start, "syntax", 'The file ends inside this directive, before its ";" or "{"');
    return { kind: "simple", words, at: start };
  }
  if (code === CLOSE_BRACE) {
    if (words.length === 0) {
      scanner.offset += 1;
      return { kind: "close", at };
    }
    note(scanner, start, "syntax", 'This directive is not ended by ";" before the next "}"');
    return { kind: "simple", words, at: start };
  }
  scanner.offset += 1;
  if (words.length === 0) note(scanner, at, "syntax", `Unexpected "${String.fromCharCode(code)}"`);
  if (code === OPEN_BRACE) return { kind: "block", words, at: start };
  return words.length === 0 ? "skipped" : { kind: "simple", words, at: start };
}

function startOf([first]: readonly NginxWord[]): NginxPosition | undefined {
  if (first === undefined) return undefined;
  const { file, line, column } = first;
  return { file, line, column };
}

/** White space, and comments: `#` begins one only where a word could begin. */
function skipBlanks(scanner: Scanner): void {
  const { text } = scanner;
  for (;;) {
    let at = scanner.offset;
    for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) {
      at += 1;
      if (code !== LF) continue;
      scanner.line += 1;
      scanner.lineStart = at;
    }
    scanner.offset = at;
    if (text.charCodeAt(at) !== HASH) return;
    const lineEnd = text.indexOf("\n", at);
    const end = lineEnd === -1 ? text.length : lineEnd;
    if (isTooLong(text, at, end)) {
      note(scanner, position(scanner), "limit", `A comment has ${WORD_BYTES_MAX} bytes or more`);
    }
    scanner.offset = end;
  }
}

function readWord(scanner: Scanner, code: number): NginxWord {
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return readQuoted(scanner, code);
  const from = scanner.offset;
  const end = bareEnd(scanner.text, from);
  return finishWord(scanner, "none", from, end);
}

/** Where an unquoted word ends: `{` right after `$` (or `${`) belongs to it, as anything after `\`. */
function bareEnd(text: string, from: number): number {
  let isVariable = false;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACE && isVariable) continue;
    isVariable = code === DOLLAR;
    if (code === BACKSLASH) at += 1;
    else if (isWordEnd(code)) return at;
  }
  return text.length;
}

function readQuoted(scanner: Scanner, quote: number): NginxWord {
  const { text } = scanner;
  const from = scanner.offset + 1;
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== quote) {
    end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  }
  const isClosed = end < text.length;
  const kind = quote === DOUBLE_QUOTE ? "double" : "single";
  const word = finishWord(scanner, kind, from, Math.min(end, text.length));
  if (!isClosed) {
    note(scanner, word, "syntax", "This quoted word is never closed");
    return word;
  }
  scanner.offset += 1;
  const after = text.charCodeAt(scanner.offset);
  if (scanner.offset < text.length && !isWordEnd(after) && after !== CLOSE_PARENTHESIS) {
    note(scanner, position(scanner), "syntax", "A quoted word must be followed by white space");
  }
  return word;
}

/** The word that begins where the scanner stands; its text goes from `from` to before `end`. */
function finishWord(
  scanner: Scanner,
  quote: NginxWord["quote"],
  from: number,
  end: number,
): NginxWord {
  const { file, line, offset, lineStart } = scanner;
  const column = offset - lineStart + 1;
  // The closing quote has to fit in the buffer, too (seen with nginx 1.22.1).
  if (isTooLong(scanner.text, from, quote === "none" ? end : end + 1)) {
    note(scanner, { file, line, column }, "limit", `A word has ${WORD_BYTES_MAX} bytes or more`);
  }
  const raw = scanner.text.slice(from, end);
  if (raw.includes("\n")) advance(scanner, end);
  else scanner.offset = end;
  const text = raw.includes("\\") ? unescapeWord(raw) : raw;
  return { text, quote, file, line, column };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\"': '"',
  "\\'": "'",
  "\\\\": "\\",
  "\\t": "\t",
  "\\r": "\r",
  "\\n": "\n",
};

/** Only these six are escapes; before anything else the backslash stays. */
function unescapeWord(raw: string): string {
  return raw.replace(/\\["'\\trn]/g, (pair) => ESCAPES[pair] ?? pair);
}

const encoder = new TextEncoder();

/** In bytes, as nginx counts; a UTF-16 code unit is at most three of them. */
function isTooLong(text: string, from: number, end: number): boolean {
  const units = end - from;
  if (units >= WORD_BYTES_MAX) return true;
  if (units * 3 < WORD_BYTES_MAX) return false;
  return encoder.encode(text.slice(from, end)).length >= WORD_BYTES_MAX;
}

function skipLua(scanner: Scanner): string | undefined {
  const from = scanner.offset;
  const end = luaBlockEnd(scanner.text, from);
  advance(scanner, end ?? scanner.text.length);
  if (end === undefined) return undefined;
  scanner.offset += 1;
  return scanner.text.slice(from, end);
}
