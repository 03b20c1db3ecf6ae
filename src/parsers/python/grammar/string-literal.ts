import type { Expression, FormatField } from "../syntax.ts";
import { enclosed, here, isOperator, type ParseState, syntaxError } from "./parse-state.ts";
import { advance } from "./scanner.ts";

/** A string literal, plain or formatted, or several side by side. */
export function stringLiteral(state: ParseState): Expression {
  const { scanner } = state;
  const at = here(state);
  const parts: (string | FormatField)[] = [];
  while (scanner.kind === "string") {
    for (const part of readString(state)) append(parts, part);
    advance(scanner);
  }
  const { previousEnd: end } = scanner;
  if (parts.every((part) => typeof part === "string"))
    return { ...at, end, kind: "text", text: parts.join("") };
  return { ...at, end, kind: "format", parts };
}

/** Texts side by side are one. */
function append(parts: (string | FormatField)[], part: string | FormatField): void {
  const last = parts.at(-1);
  if (typeof last === "string" && typeof part === "string") parts[parts.length - 1] = last + part;
  else parts.push(part);
}

/** Goes to the next token, past the whole string where one begins. */
export function skipToken(state: ParseState): void {
  if (state.scanner.kind === "string") readString(state);
  advance(state.scanner);
}

function readString(state: ParseState): readonly (string | FormatField)[] {
  const { scanner } = state;
  const quotes = /["']+$/.exec(scanner.value)?.[0] ?? "";
  const prefix = scanner.value.slice(0, scanner.value.length - quotes.length);
  // Template strings (PEP 750) have fields as f-strings have.
  const isFormatted = prefix.includes("f") || prefix.includes("t");
  const literal: Literal = { quotes, isRaw: prefix.includes("r"), isFormatted };
  const parts = isFormatted
    ? readParts(state, literal, quotes)
    : [unescapedUnless(literal.isRaw, contentUntil(state, literal, quotes))];
  scanner.offset += quotes.length;
  scanner.end = scanner.offset;
  return parts;
}

interface Literal {
  readonly quotes: string;
  readonly isRaw: boolean;
  readonly isFormatted: boolean;
}

/** Text and fields up to the quotes, or of a format specification up to its `}`; stops before them. */
function readParts(
  state: ParseState,
  literal: Literal,
  until: string,
): readonly (string | FormatField)[] {
  const { scanner } = state;
  const parts: (string | FormatField)[] = [];
  for (;;) {
    const text = contentUntil(state, literal, until);
    if (text !== "") parts.push(unescapedUnless(literal.isRaw, text.replace(/\{\{|\}\}/g, half)));
    if (scanner.text.charAt(scanner.offset) !== "{") return parts;
    parts.push(...readField(state, literal));
  }
}

function half(braces: string): string {
  return braces.charAt(0);
}

const SPECIAL = /[\\\n'"]/g;
const SPECIAL_IN_FORMATTED = /[\\\n'"{}]/g;

/** The text up to `until` or, in a formatted string, the next field, with its escapes; stands before it. */
function contentUntil(state: ParseState, literal: Literal, until: string): string {
  const { scanner } = state;
  const { text, offset } = scanner;
  const special = literal.isFormatted ? SPECIAL_IN_FORMATTED : SPECIAL;
  for (let at = offset; ; ) {
    special.lastIndex = at;
    if (!special.test(text)) throw syntaxError(state);
    at = special.lastIndex - 1;
    const isDoubled = until === literal.quotes && text.startsWith("{{", at);
    if (text.startsWith(until, at) || (text.startsWith("{", at) && !isDoubled)) {
      scanner.offset = at;
      return text.slice(offset, at);
    }
    at = isDoubled ? at + 2 : behind(state, literal, at);
  }
}

/** Where it goes on behind a character that ends no content; line ends are counted. */
function behind(state: ParseState, { quotes }: Literal, at: number): number {
  const { scanner } = state;
  const { text } = scanner;
  const isEscape = text.startsWith("\\", at);
  if (!isEscape && quotes.length === 1 && text.startsWith("\n", at)) throw syntaxError(state);
  const last = !isEscape ? at : text.startsWith("\r\n", at + 1) ? at + 2 : at + 1;
  if (text.startsWith("\n", last)) {
    scanner.offsetLine += 1;
    scanner.lineStart = last + 1;
  }
  return last + 1;
}

/** `{expression!r:specification}` from its brace to behind its end. */
function readField(state: ParseState, literal: Literal): readonly (string | FormatField)[] {
  const { scanner } = state;
  const { brackets } = scanner;
  // Line ends within a field separate nothing, and its brace is no token.
  scanner.brackets = brackets + 1;
  scanner.offset += 1;
  const from = scanner.offset;
  advance(scanner);
  const value = enclosed(state, () => state.grammar.fieldValue(state));
  let isFormatted = false;
  // `{name=}` shows what was written, too.
  const written: string[] = [];
  if (isOperator(state, "=")) {
    isFormatted = true;
    advance(scanner);
    written.push(scanner.text.slice(from, scanner.start));
  }
  if (isOperator(state, "!")) {
    isFormatted = true;
    advance(scanner);
    if (scanner.kind !== "name") throw syntaxError(state);
    advance(scanner);
  }
  if (isOperator(state, ":") || isOperator(state, ":=")) {
    isFormatted = true;
    scanner.offset = scanner.start + 1;
    enclosed(state, () => readParts(state, literal, "}"));
    scanner.offset += 1;
  } else if (!isOperator(state, "}")) throw syntaxError(state);
  scanner.brackets = brackets;
  return [...written, { value, isFormatted }];
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
  "\r\n": "",
};
const ESCAPE = /\\(\r\n|[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/g;

function unescapedUnless(isRaw: boolean, text: string): string {
  return isRaw || !text.includes("\\") ? text : text.replace(ESCAPE, unescaped);
}

/** What an escape sequence of a plain literal stands for (Python language reference, 2.4.1.1). */
function unescaped(sequence: string, body: string): string {
  const simple = SIMPLE_ESCAPES[body];
  if (simple !== undefined) return simple;
  const code = /^[xuU]./.test(body)
    ? Number.parseInt(body.slice(1), 16)
    : /^[0-7]/.test(body)
      ? Number.parseInt(body, 8)
      : Number.NaN;
  return code <= 0x10ffff ? String.fromCodePoint(code) : sequence;
}
