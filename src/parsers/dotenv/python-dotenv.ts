import { complain, keep, mayExpand, type Scan } from "./scan.ts";
import { isPythonSpace, skipBackWhile, skipWhile } from "./whitespace.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * python-dotenv 1.x (`parser.py`, `variables.py`), as `load_dotenv()` calls it: the surrounding
 * environment wins over the file inside `${NAME}`. A value that is only a comment is empty, as in
 * releases after 1.2.2. A byte order mark is dropped (catalog G4; releases up to 1.2.2 keep it).
 */
export function readPythonDotenv(scan: Scan): void {
  const { text } = scan;
  const forgotten = new Map<string, number>();
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (;;) {
    const start = skipWhile(text, at, text.length, isPythonSpace);
    if (start >= text.length) break;
    const binding = readBinding(text, start);
    if (!apply(scan, binding, start, forgotten)) break;
    at = binding.end;
  }
  const left = scan.assignments.filter(({ key }, index) => index >= (forgotten.get(key) ?? 0));
  scan.assignments.splice(0, scan.assignments.length, ...left);
}

/** `false` when the file has too many assignments. */
function apply(
  scan: Scan,
  { isValid, key, keyAt, value, raw }: Binding,
  start: number,
  forgotten: Map<string, number>,
): boolean {
  if (!isValid) {
    complain(scan, start, "python-dotenv drops this line");
  } else if (value !== undefined) {
    return keep(scan, key, expandBraces(scan, value, keyAt), keyAt, raw);
  } else if (scan.values.delete(key)) {
    // A name alone takes back what the file has set before: `load_dotenv()` then leaves it alone.
    forgotten.set(key, scan.assignments.length);
  }
  return true;
}

interface Binding {
  readonly isValid: boolean;
  readonly key: string;
  readonly keyAt: number;
  readonly value: string | undefined;
  readonly raw: readonly [number, number];
  readonly end: number;
}

function isBlank(character: string | undefined): boolean {
  return character !== "\n" && character !== "\r" && isPythonSpace(character);
}

function readBinding(text: string, start: number): Binding {
  const none = { key: "", keyAt: start, value: undefined, raw: [start, start] as const };
  if (text[start] === "#") return { ...none, isValid: true, end: rest(text, start) };
  const keyAt = skipExport(text, start);
  const key = readKey(text, keyAt);
  if (key === undefined) return { ...none, isValid: false, end: rest(text, keyAt) };
  const sign = skipWhile(text, key.end, text.length, isBlank);
  const found = { key: key.name, keyAt };
  if (text[sign] !== "=") {
    const end = endOfLine(text, sign);
    const isValid = end !== undefined;
    return { ...none, ...found, isValid, end: end ?? rest(text, sign) };
  }
  const from = skipWhile(text, sign + 1, text.length, isBlank);
  const read = readValue(text, from, from > sign + 1);
  if (read === undefined) return { ...none, isValid: false, end: rest(text, from) };
  const end = endOfLine(text, read.end);
  if (end === undefined) return { ...none, isValid: false, end: rest(text, read.end) };
  return { ...found, isValid: true, value: read.value, raw: [sign + 1, read.end], end };
}

function skipExport(text: string, start: number): number {
  if (!text.startsWith("export", start)) return start;
  const after = skipWhile(text, start + 6, text.length, isBlank);
  return after > start + 6 ? after : start;
}

function readKey(text: string, at: number): { name: string; end: number } | undefined {
  if (text[at] === "'") {
    const close = text.indexOf("'", at + 1);
    return close <= at + 1 ? undefined : { name: text.slice(at + 1, close), end: close + 1 };
  }
  const end = skipWhile(text, at, text.length, (c) => c !== "=" && c !== "#" && !isPythonSpace(c));
  return end === at ? undefined : { name: text.slice(at, end), end };
}

function readValue(
  text: string,
  at: number,
  hasBlankBefore: boolean,
): { value: string; end: number } | undefined {
  const first = text[at];
  if (first === "'" || first === '"') {
    const close = closingQuote(text, at, first);
    if (close === undefined) return undefined;
    const escapes = first === '"' ? ESCAPES : { "\\": "\\", "'": "'" };
    return { value: decodeEscapes(text.slice(at + 1, close), escapes), end: close + 1 };
  }
  const end = physicalLineEnd(text, at);
  if (first === "#" && hasBlankBefore) return { value: "", end };
  const comment = commentStart(text, at, end);
  return { value: text.slice(at, skipBackWhile(text, at, comment, isPythonSpace)), end };
}

/** `"(?:\\"|[^"])*"`: the first quote without a backslash before it, else the last one with. */
function closingQuote(text: string, open: number, quote: string): number | undefined {
  let last: number | undefined;
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (at === open + 1 || text[at - 1] !== "\\") return at;
    last = at;
  }
  return last;
}

function decodeEscapes(value: string, escapes: Readonly<Record<string, string>>): string {
  if (!value.includes("\\")) return value;
  const parts: string[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const next = value[at + 1];
    const replaced = value[at] === "\\" && next !== undefined ? escapes[next] : undefined;
    parts.push(replaced ?? value[at] ?? "");
    if (replaced !== undefined) at += 1;
  }
  return parts.join("");
}

/** Offset of the white space before the first `#` that has some, else `end`. */
function commentStart(text: string, from: number, end: number): number {
  const line = text.slice(from, end);
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1)) {
    const before = skipBackWhile(line, 0, at, isPythonSpace);
    if (before < at) return from + before;
  }
  return end;
}

function physicalLineEnd(text: string, from: number): number {
  return skipWhile(text, from, text.length, (c) => c !== "\n" && c !== "\r");
}

/** Behind blanks, a comment and the line end; `undefined` when something else stands there. */
function endOfLine(text: string, from: number): number | undefined {
  const after = skipWhile(text, from, text.length, isBlank);
  const end = text[after] === "#" ? physicalLineEnd(text, after) : after;
  if (end >= text.length) return end;
  return text[end] === "\n" || text[end] === "\r" ? end + 1 : undefined;
}

function rest(text: string, from: number): number {
  return Math.min(physicalLineEnd(text, from) + 1, text.length);
}

/** `${NAME}` and `${NAME:-default}`, in every kind of value; no nesting, unset is empty. */
function expandBraces(scan: Scan, value: string, at: number): string {
  const parts: string[] = [];
  let cursor = 0;
  let stop = -1;
  for (let open = value.indexOf("${"); open !== -1; open = value.indexOf("${", open)) {
    if (stop < open + 2) stop = nameEnd(value, open + 2);
    const close = value[stop] === ":" && value[stop + 1] === "-" ? value.indexOf("}", stop) : stop;
    if (close === -1 || value[close] !== "}") {
      open += 2;
      continue;
    }
    const name = value.slice(open + 2, stop);
    const fallback = value.slice(stop + 2, close);
    const replaced = scan.lookup(name) ?? scan.values.get(name) ?? fallback;
    if (!mayExpand(scan, replaced.length)) {
      complain(scan, at, "expands to more text than is read");
      return value;
    }
    parts.push(value.slice(cursor, open), replaced);
    cursor = close + 1;
    open = cursor;
  }
  return parts.join("") + value.slice(cursor);
}

function nameEnd(value: string, from: number): number {
  return skipWhile(value, from, value.length, (c) => c !== "}" && c !== ":");
}
