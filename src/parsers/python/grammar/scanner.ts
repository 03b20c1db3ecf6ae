import { indentation } from "./indentation.ts";
import {
  begin,
  CARRIAGE_RETURN,
  FORM_FEED,
  HASH,
  isLayout,
  LINE_FEED,
  layout,
  newLine,
  type Scanner,
  SPACE,
  skipComment,
  TAB,
  type TokenKind,
} from "./scanner-state.ts";

const KEYWORDS: ReadonlySet<string> = new Set(
  "False None True and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Longest first for each first character; `<>` is Python 2's. */
const OPERATORS: readonly (readonly string[] | undefined)[] = operatorsByCode(
  "**= //= >>= <<= ... ** // >> << <= >= == != <> -> := += -= *= /= %= &= |= ^= @= + - * / % @ & | ^ ~ < > ( ) [ ] { } , : . ; = !".split(
    " ",
  ),
);

const [BACKSLASH, DOT, SINGLE_QUOTE, DOUBLE_QUOTE, UNDERSCORE] = [92, 46, 39, 34, 95];
const ASCII_END = 128;
const STRING_PREFIX_MAX = 2;

function operatorsByCode(operators: readonly string[]): readonly (readonly string[] | undefined)[] {
  const byCode: string[][] = [];
  for (const operator of operators) {
    const code = operator.charCodeAt(0);
    byCode[code] ??= [];
    byCode[code].push(operator);
  }
  return byCode;
}

/** Stands on the first token of the text. Lines end with LF or CR LF. */
export function openScanner(text: string): Scanner {
  const scanner: Scanner = {
    text,
    kind: "newline",
    value: "",
    start: 0,
    end: 0,
    line: 1,
    column: 1,
    previousEnd: 0,
    offset: 0,
    offsetLine: 1,
    lineStart: 0,
    brackets: 0,
    indents: [0],
    dedents: 0,
    isLineStart: true,
    misplaced: undefined,
  };
  advance(scanner);
  return scanner;
}

/** What `restore` needs to go back to the token the scanner stands on. */
export function save(scanner: Scanner): Scanner {
  return { ...scanner, indents: [...scanner.indents] };
}

export function restore(scanner: Scanner, saved: Scanner): void {
  Object.assign(scanner, saved, { indents: [...saved.indents] });
}

/** Goes to the next token. At the end it stays on `end`. */
export function advance(scanner: Scanner): void {
  if (!isLayout(scanner.kind)) scanner.previousEnd = scanner.end;
  if (scanner.dedents > 0) {
    scanner.dedents -= 1;
    layout(scanner, "dedent");
    return;
  }
  if (scanner.isLineStart && scanner.brackets === 0) {
    scanner.isLineStart = false;
    if (indentation(scanner)) return;
  }
  if (skipBlank(scanner)) {
    word(scanner);
    return;
  }
  // The last line may lack its end; blocks that are open end with the text.
  if (!isLayout(scanner.kind) && scanner.brackets === 0) layout(scanner, "newline");
  else if (scanner.indents.length > 1 && scanner.brackets === 0) {
    scanner.indents.pop();
    layout(scanner, "dedent");
  } else layout(scanner, "end");
}

/** Skips what separates tokens; says whether there is one more. */
function skipBlank(scanner: Scanner): boolean {
  const { text } = scanner;
  for (;;) {
    const code = text.charCodeAt(scanner.offset);
    if (code === SPACE || code === TAB || code === CARRIAGE_RETURN || code === FORM_FEED)
      scanner.offset += 1;
    else if (code === HASH) skipComment(scanner);
    else if (
      (code === LINE_FEED && scanner.brackets > 0) ||
      (code === BACKSLASH && joinsLines(text, scanner.offset))
    ) {
      scanner.offset = text.indexOf("\n", scanner.offset) + 1;
      newLine(scanner);
    } else return scanner.offset < text.length;
  }
}

function joinsLines(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return next === LINE_FEED || (next === CARRIAGE_RETURN && text.charCodeAt(at + 2) === LINE_FEED);
}

function word(scanner: Scanner): void {
  begin(scanner);
  const { text, offset } = scanner;
  const code = text.charCodeAt(offset);
  if (isNameCode(code) && !isDigit(code)) name(scanner);
  else if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(offset + 1)))) number(scanner);
  else if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) openString(scanner, offset);
  else if (code === LINE_FEED) {
    scanner.offset += 1;
    take(scanner, "newline");
    newLine(scanner);
    scanner.isLineStart = true;
  } else operator(scanner, code);
}

function take(scanner: Scanner, kind: TokenKind): void {
  scanner.kind = kind;
  scanner.end = scanner.offset;
  scanner.value = scanner.text.slice(scanner.start, scanner.end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, digits, the underscore and all that is not ASCII: Python's exact set matters to nobody here. */
function isNameCode(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || isDigit(code) || code === UNDERSCORE || code >= ASCII_END;
}

function name(scanner: Scanner): void {
  const { text } = scanner;
  let at = scanner.offset + 1;
  while (at < text.length && isNameCode(text.charCodeAt(at))) at += 1;
  const next = text.charCodeAt(at);
  if (
    (next === SINGLE_QUOTE || next === DOUBLE_QUOTE) &&
    at - scanner.offset <= STRING_PREFIX_MAX &&
    /^[bfrut]{1,2}$/i.test(text.slice(scanner.offset, at))
  ) {
    openString(scanner, at);
    return;
  }
  scanner.offset = at;
  take(scanner, "name");
  if (KEYWORDS.has(scanner.value)) scanner.kind = "keyword";
}

function openString(scanner: Scanner, quote: number): void {
  const { text } = scanner;
  const one = text.charAt(quote);
  scanner.offset = quote + (text.startsWith(one.repeat(3), quote) ? 3 : 1);
  take(scanner, "string");
  scanner.value = scanner.value.toLowerCase();
}

const NUMBER = /0[xXoObB][\da-fA-F_]+[lL]?|(?:\d[\d_]*)?\.?\d*[\d_]*(?:[eE][+-]?\d[\d_]*)?[jJlL]?/y;

function number(scanner: Scanner): void {
  NUMBER.lastIndex = scanner.offset;
  NUMBER.test(scanner.text);
  scanner.offset = Math.max(NUMBER.lastIndex, scanner.offset + 1);
  take(scanner, "number");
}

function operator(scanner: Scanner, code: number): void {
  const { text, offset } = scanner;
  const known = OPERATORS[code]?.find((one) => text.startsWith(one, offset));
  scanner.kind = "operator";
  scanner.value = known ?? text.charAt(offset);
  scanner.offset = offset + scanner.value.length;
  scanner.end = scanner.offset;
  if (known === "(" || known === "[" || known === "{") scanner.brackets += 1;
  else if (scanner.brackets > 0 && (known === ")" || known === "]" || known === "}"))
    scanner.brackets -= 1;
}
