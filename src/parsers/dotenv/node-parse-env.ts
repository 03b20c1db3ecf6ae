import { complain, keep, type Scan } from "./scan.ts";
import { skipBackWhile, skipWhile } from "./whitespace.ts";

/**
 * `node --env-file` and `util.parseEnv` (Node 24.21, `src/node_dotenv.cc`). The text must have no CR:
 * Node removes every one before it reads. Note its trap: blanks behind `=` reach over line ends, so
 * `A=  ` takes the next line for its value; and `export A=` with nothing behind it keeps `export` in the name.
 */
export function readNodeParseEnv(scan: Scan): void {
  const { text } = scan;
  const end = skipBackWhile(text, 0, text.length, isBlank);
  let at = skipWhile(text, 0, end, isBlank);
  while (at < end) {
    at = text[at] === "\n" || text[at] === "#" ? nextLine(text, at, end) : readEntry(scan, at, end);
  }
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\n";
}

function nextLine(text: string, from: number, end: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 || feed >= end ? end : feed + 1;
}

/** Returns where to go on. */
function readEntry(scan: Scan, at: number, end: number): number {
  const { text } = scan;
  const sign = skipWhile(text, at, end, (c) => c !== "=" && c !== "\n");
  if (text[sign] !== "=" || sign >= end) {
    complain(scan, at, "Node ignores this line");
    return sign >= end ? end : skipWhile(text, sign + 1, end, isBlank);
  }
  const start = skipWhile(text, at, sign, isBlank);
  const keyEnd = skipBackWhile(text, start, sign, isBlank);
  const after = sign + 1;
  if (after >= end || text[after] === "\n") {
    return finish(scan, text.slice(start, keyEnd), "", start, [after, after], after, end);
  }
  const exported = text.startsWith("export ", start) && keyEnd >= start + 7;
  const keyAt = exported ? skipWhile(text, start + 7, keyEnd, isBlank) : start;
  const key = text.slice(keyAt, keyEnd);
  const from = skipWhile(text, after, end, isBlank);
  if (key === "") return from;
  const { value, valueEnd, next } = readValue(text, from, end);
  return finish(scan, key, value, keyAt, [after, valueEnd], next, end);
}

function finish(
  scan: Scan,
  key: string,
  value: string,
  at: number,
  raw: readonly [number, number],
  next: number,
  end: number,
): number {
  if (key === "") complain(scan, at, "a value without a name");
  else if (!keep(scan, key, value, at, raw)) return end;
  return next;
}

function readValue(
  text: string,
  from: number,
  end: number,
): { value: string; valueEnd: number; next: number } {
  const quote = text[from];
  if (quote === '"' || quote === "'" || quote === "`") {
    const close = text.indexOf(quote, from + 1);
    if (close !== -1 && close < end) {
      const inner = text.slice(from + 1, close);
      const value = quote === '"' ? inner.replaceAll("\\n", "\n") : inner;
      return { value, valueEnd: close + 1, next: nextLine(text, close + 1, end) };
    }
  }
  const lineEnd = Math.min(nextFeed(text, from), end);
  const next = skipWhile(text, Math.min(lineEnd + 1, end), end, isBlank);
  if (quote === '"' || quote === "'" || quote === "`") {
    return { value: text.slice(from, lineEnd), valueEnd: lineEnd, next };
  }
  const comment = skipWhile(text, from, lineEnd, (c) => c !== "#");
  const valueEnd = skipBackWhile(text, from, comment, isBlank);
  return { value: text.slice(from, valueEnd), valueEnd, next };
}

function nextFeed(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 ? text.length : feed;
}
