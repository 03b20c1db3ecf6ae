import { complain, keep, lineEnd, type Scan } from "./scan.ts";
import { isScriptSpace, skipWhile } from "./whitespace.ts";

const QUOTES = "'\"`";

/**
 * dotenv for Node (18.0, the `LINE` expression of `lib/main.js`), read by hand: the expression
 * itself may take a time that grows with the square of the file.
 */
export function readNodeDotenv(scan: Scan): void {
  const { text } = scan;
  let at = 0;
  while (at < text.length) {
    const start = skipWhile(text, at, text.length, isScriptSpace);
    if (start >= text.length) return;
    const key = readKey(text, start);
    if (key === undefined) {
      if (text[start] !== "#") complain(scan, start, "dotenv ignores this line");
      at = lineEnd(text, start) + 1;
      continue;
    }
    const { value, end } = readValue(text, key.valueAt);
    if (!keep(scan, key.name, strip(value), key.at, [key.valueAt, end])) return;
    at = lineEnd(text, end) + 1;
  }
}

interface Key {
  readonly name: string;
  readonly at: number;
  readonly valueAt: number;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w.-]/.test(character);
}

function readKey(text: string, start: number): Key | undefined {
  if (text.startsWith("export", start) && isScriptSpace(text[start + 6])) {
    const at = skipWhile(text, start + 6, text.length, isScriptSpace);
    const key = keyAt(text, at);
    if (key !== undefined) return key;
  }
  return keyAt(text, start);
}

function keyAt(text: string, at: number): Key | undefined {
  const end = skipWhile(text, at, text.length, isWord);
  if (end === at) return undefined;
  const name = text.slice(at, end);
  if (text[end] === ":" && isScriptSpace(text[end + 1])) return { name, at, valueAt: end + 2 };
  const sign = skipWhile(text, end, text.length, isScriptSpace);
  return text[sign] === "=" ? { name, at, valueAt: sign + 1 } : undefined;
}

function readValue(text: string, from: number): { value: string; end: number } {
  const open = skipWhile(text, from, text.length, isScriptSpace);
  const quote = text[open];
  if (quote !== undefined && QUOTES.includes(quote)) {
    const close = closingQuote(text, open, quote);
    if (close !== undefined) return { value: text.slice(open, close + 1), end: close + 1 };
  }
  const end = skipWhile(text, from, text.length, (c) => c !== "#" && c !== "\n");
  return { value: text.slice(from, end).trim(), end };
}

/** The first unescaped quote, else an escaped one before it, the last first, that ends its line. */
function closingQuote(text: string, open: number, quote: string): number | undefined {
  const escaped: number[] = [];
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== "\\" || at - 1 === open) {
      if (endsLine(text, at + 1)) return at;
      break;
    }
    escaped.push(at);
  }
  return escaped.findLast((at) => endsLine(text, at + 1));
}

/** `\s*(?:#.*)?$` */
function endsLine(text: string, from: number): boolean {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n" || character === "#") return true;
    if (!isScriptSpace(character)) return false;
  }
  return true;
}

function strip(value: string): string {
  const first = value[0];
  const isQuoted =
    first !== undefined && QUOTES.includes(first) && value.length > 1 && value.endsWith(first);
  const inner = isQuoted ? value.slice(1, -1) : value;
  return first === '"' ? inner.replaceAll("\\n", "\n").replaceAll("\\r", "\r") : inner;
}
