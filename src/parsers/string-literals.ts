/** One string of a program, as written between its quotes. */
export interface StringLiteral {
  /** Raw; of a template or f-string with what is filled in. */
  readonly text: string;
  /** Offset of its first character. */
  readonly offset: number;
  /** From 1, of its first character. */
  readonly line: number;
  /** It holds places that are filled in: an f-string, a template of JavaScript. */
  readonly isFilled: boolean;
  /** It is a statement by itself: Python's docstrings and other texts that do nothing. */
  readonly isStatement: boolean;
}

/** `groovy`: quotes of Python, comments of JavaScript. */
export type Language = "python" | "javascript" | "groovy";

export interface ScannedText {
  readonly literals: readonly StringLiteral[];
  /** The text with comments and what stands in strings blanked, as long as before, line for line. */
  readonly code: string;
}

/** Strings kept of one text. */
export const LITERALS_MAX = 20_000;

/**
 * Finds the strings of a program without parsing it: enough to tell text from comments. Never fails; a string
 * without end ends with its line, or with the text.
 */
export function scanStrings(text: string, language: Language): ScannedText {
  const scan: Scan = {
    ...{ text, language, literals: [], code: [] },
    ...{ at: 0, kept: 0, line: 1, lineStart: 0, depth: 0 },
  };
  while (scan.at < text.length && scan.literals.length < LITERALS_MAX) step(scan);
  scan.code.push(text.slice(scan.kept));
  return { literals: scan.literals, code: scan.code.join("") };
}

interface Scan {
  readonly text: string;
  readonly language: Language;
  readonly literals: StringLiteral[];
  readonly code: string[];
  at: number;
  /** Up to where `code` is written. */
  kept: number;
  line: number;
  /** Offset of the line's first character. */
  lineStart: number;
  /** Open brackets. */
  depth: number;
}

const TOKENS: Readonly<Record<Language, RegExp>> = {
  python: /#|"""|'''|["']|[([{]|[)\]}]|\n/g,
  javascript: /\/\/|\/\*|\/|["'`]|[([{]|[)\]}]|\n/g,
  groovy: /\/\/|\/\*|"""|'''|["']|[([{]|[)\]}]|\n/g,
};

function step(scan: Scan): void {
  const { text, language, at } = scan;
  const token = TOKENS[language];
  token.lastIndex = at;
  const match = token.exec(text);
  if (match === null) {
    scan.at = text.length;
    return;
  }
  const { 0: found, index } = match;
  scan.at = index + found.length;
  if (found === "\n") newLine(scan, index);
  else if ("([{".includes(found)) scan.depth += 1;
  else if (")]}".includes(found)) scan.depth = Math.max(0, scan.depth - 1);
  else if (found === "#" || found === "//") blank(scan, index, endOfLine(text, index));
  else if (found === "/*") blank(scan, index, endAfter(text, "*/", index + 2));
  else if (found === "/") skipPattern(scan, index);
  else literal(scan, index, found);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at === -1 ? text.length : at;
}

function endAfter(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at + end.length;
}

/** Takes `from` to `to` out of the code. */
function blank(scan: Scan, from: number, to: number): void {
  const taken = scan.text.slice(from, to);
  scan.code.push(scan.text.slice(scan.kept, from), taken.replace(/[^\n]/g, " "));
  scan.kept = to;
  scan.at = to;
  for (let at = taken.indexOf("\n"); at !== -1; at = taken.indexOf("\n", at + 1))
    newLine(scan, from + at);
}

function newLine(scan: Scan, index: number): void {
  scan.line += 1;
  scan.lineStart = index + 1;
}

/** A slash begins a pattern where no value stands before it. */
const BEFORE_PATTERN = /(?:^|[=(,:[!&|?{};\n+]|=>|\breturn|\btypeof)[ \t]*$/;
const PATTERN = /\/(?:[^\n\\/[]|\\[^\n]|\[(?:[^\n\\\]]|\\[^\n])*\])+\/[a-z]*/y;

function skipPattern(scan: Scan, index: number): void {
  if (!BEFORE_PATTERN.test(scan.text.slice(Math.max(0, index - 20), index))) return;
  PATTERN.lastIndex = index;
  const match = PATTERN.exec(scan.text);
  if (match !== null) blank(scan, index, index + match[0].length);
}

const PREFIX = /(?:^|[^\w])([rRbBuUfF]{1,2})$/;

function literal(scan: Scan, index: number, quote: string): void {
  const { text, language, depth, line, lineStart } = scan;
  const offset = index + quote.length;
  const end = quote === "`" ? templateEnd(text, offset) : stringEnd(text, offset, quote);
  const prefix =
    language === "python"
      ? (PREFIX.exec(text.slice(Math.max(0, index - 3), index))?.[1] ?? "")
      : "";
  const written = text.slice(offset, end);
  const isFilled = quote === "`" ? written.includes("${") : /f/i.test(prefix);
  const before = text.slice(lineStart, index - prefix.length);
  const isAlone = before.length < INDENT_MAX && before.trim() === "";
  const isStatement =
    language === "python" && depth === 0 && isAlone && endsLine(text, end + quote.length);
  scan.literals.push({ text: written, offset, line, isFilled, isStatement });
  blank(scan, offset, end);
  scan.at = text.startsWith(quote, end) ? end + quote.length : end;
}

/** Longest indentation of a statement. */
const INDENT_MAX = 200;

function endsLine(text: string, from: number): boolean {
  return /^[ \t]*(?:[#;\r\n]|$)/.test(text.slice(from, from + INDENT_MAX));
}

/** Offset of the closing quote. */
function stringEnd(text: string, from: number, quote: string): number {
  const isLong = quote.length === 3;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (!isLong && character === "\n") return at;
    else if (character === quote[0] && text.startsWith(quote, at)) return at;
  }
  return text.length;
}

const TEMPLATE_TOKEN = /\\[\s\S]|`|\$\{|[{}]/g;

/** Offset of the closing backtick; templates may stand within `${}` of templates. */
function templateEnd(text: string, from: number): number {
  TEMPLATE_TOKEN.lastIndex = from;
  const open: ("text" | "code")[] = ["text"];
  for (let match = TEMPLATE_TOKEN.exec(text); match !== null; match = TEMPLATE_TOKEN.exec(text)) {
    takeToken(open, match[0]);
    if (open.length === 0) return match.index;
  }
  return text.length;
}

function takeToken(open: ("text" | "code")[], token: string): void {
  const isCode = open.at(-1) === "code";
  if (token === "`" && isCode) open.push("text");
  else if (token === "${" || (token === "{" && isCode)) open.push("code");
  else if (token === "`" || (token === "}" && isCode)) open.pop();
}
