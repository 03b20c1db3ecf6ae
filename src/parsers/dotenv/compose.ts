import { expandCompose } from "./compose-template.ts";
import { complain, keep, lineEnd, type Scan } from "./scan.ts";
import { isGoSpace, skipBackWhile, skipWhile } from "./whitespace.ts";

const NAME_CHARACTER = /^[\p{L}\p{N}_.\-[\]]$/u;
const OCTAL_MAX = 3;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/**
 * Compose `env_file:` (compose-go v2, `dotenv/parser.go`, read July 2026). Compose refuses the whole
 * file at the first line it does not accept; that line is a problem here and the rest is read on.
 */
export function readComposeEnvFile(scan: Scan): void {
  const { text } = scan;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const start = skipWhile(text, at, text.length, isGoSpace);
    if (start >= text.length) return;
    const next = text[start] === "#" ? lineEnd(text, start) : readStatement(scan, start);
    if (next === undefined) return;
    at = next;
  }
}

function isBlank(character: string | undefined): boolean {
  return character !== "\n" && isGoSpace(character);
}

/** Returns where the next statement may begin, `undefined` to stop. */
function readStatement(scan: Scan, start: number): number | undefined {
  const { text } = scan;
  const isExported = text.startsWith("export", start) && isGoSpace(text[start + 6]);
  const at = isExported ? skipWhile(text, start + 6, text.length, isBlank) : start;
  const stop = nameEnd(text, at);
  const key = text.slice(at, skipBackWhile(text, at, stop, isGoSpace));
  const sign = text[stop];
  if ((sign !== "=" && sign !== ":" && sign !== "\n") || key.includes(" ")) {
    complain(scan, at, "compose refuses the file: not a name and a value");
    return lineEnd(text, stop);
  }
  if (sign === "\n") return inherit(scan, key, at, stop);
  const from = skipWhile(text, stop + 1, text.length, isBlank);
  const quote = text[from];
  if (quote === "'" || quote === '"') return readQuoted(scan, key, at, from, quote);
  const end = lineEnd(text, from);
  const line = text.slice(from, end);
  const comment = line.indexOf(" #");
  const cut = comment === -1 ? line.length : comment;
  const written = line.slice(0, skipBackWhile(line, 0, cut, isGoSpace));
  const value = expanded(scan, written, at);
  return keep(scan, key, value, at, [stop + 1, end]) ? end : undefined;
}

function nameEnd(text: string, from: number): number {
  return skipWhile(
    text,
    from,
    text.length,
    (c) => c !== undefined && (isBlank(c) || NAME_CHARACTER.test(c)),
  );
}

/** A name alone takes its value from the environment compose is started in. */
function inherit(scan: Scan, key: string, at: number, stop: number): number | undefined {
  const value = scan.lookup(key);
  if (value === undefined) return stop + 1;
  return keep(scan, key, value, at, [stop, stop]) ? stop + 1 : undefined;
}

function readQuoted(
  scan: Scan,
  key: string,
  at: number,
  open: number,
  quote: string,
): number | undefined {
  const { text } = scan;
  const close = closingQuote(text, open, quote);
  if (close === undefined) {
    complain(scan, at, "compose refuses the file: a quote is not closed");
    return lineEnd(text, open);
  }
  const inner = text.slice(open + 1, close).replaceAll(`\\${quote}`, quote);
  const value = quote === '"' ? expanded(scan, decodeEscapes(inner), at) : inner;
  return keep(scan, key, value, at, [open, close + 1]) ? close + 1 : undefined;
}

/** A backslash hides the next character, unless that is a backslash hidden itself. */
function closingQuote(text: string, open: number, quote: string): number | undefined {
  let isEscaped = false;
  for (let at = open + 1; at < text.length; at += 1) {
    const c = text[at];
    if (c === quote && !isEscaped) return at;
    isEscaped = c === "\\" && !isEscaped;
  }
  return undefined;
}

function decodeEscapes(value: string): string {
  return value.replace(/\\(?:([abfnrtv$"\\])|0(\d{0,3}))/g, (whole, simple, octal) => {
    if (simple === "$") return "$$";
    if (typeof simple === "string") return SIMPLE_ESCAPES[simple] ?? whole;
    const isOctal = /^[0-3][0-7]{2}$/.test(octal) && octal.length === OCTAL_MAX;
    return isOctal ? String.fromCharCode(Number.parseInt(octal, 8)) : whole;
  });
}

function expanded(scan: Scan, written: string, at: number): string {
  const result = expandCompose(scan, written);
  if (result.ok) return result.value;
  complain(scan, at, `compose refuses the file: ${result.message}`);
  return written;
}
