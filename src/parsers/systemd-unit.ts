/** One `Key=value` of a unit, continuation lines joined. */
export interface UnitEntry {
  readonly section: string;
  readonly key: string;
  /** As written after `=`, trimmed; empty resets a list. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** A unit with its drop-ins: entries in the order systemd applies them. */
export interface SystemdUnit {
  readonly entries: readonly UnitEntry[];
}

export interface UnitVariable {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** systemd ends a line at LF, CR or both (`read_line_full`, src/basic/fileio.c). */
const LINE_END = /\r\n|\n|\r/;

/**
 * Parses one file. Comments (`#`, `;`) and unknown lines are dropped; never throws.
 *
 * systemd.syntax(7): a line that ends in a backslash goes on in the next one, the backslash
 * becomes a blank, and comment lines in between are skipped without ending it.
 */
export function parseUnit(text: string, file: string): SystemdUnit {
  const entries: UnitEntry[] = [];
  let section = "";
  for (const { text: line, number } of logicalLines(text)) {
    const name = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = name;
      continue;
    }
    const at = line.indexOf("=");
    if (at < 1 || section === "") continue;
    const key = line.slice(0, at).trim();
    entries.push({ section, key, value: line.slice(at + 1).trim(), file, line: number });
  }
  return { entries };
}

function logicalLines(text: string): readonly { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let open: { parts: string[]; number: number } | undefined;
  for (const [index, physical] of text
    .replace(/^\uFEFF/, "")
    .split(LINE_END)
    .entries()) {
    if (/^[#;]/.test(physical.trimStart())) continue;
    const continues = endsInOddBackslash(physical);
    const part = continues ? `${physical.slice(0, -1)} ` : physical;
    open ??= { parts: [], number: index + 1 };
    open.parts.push(part);
    if (continues) continue;
    lines.push({ text: open.parts.join("").trim(), number: open.number });
    open = undefined;
  }
  if (open !== undefined) lines.push({ text: open.parts.join("").trim(), number: open.number });
  return lines.filter((line) => line.text !== "");
}

function endsInOddBackslash(line: string): boolean {
  let count = 0;
  while (count < line.length && line[line.length - 1 - count] === "\\") count += 1;
  return count % 2 === 1;
}

/** Main file first, then drop-ins in file-name order; an empty list assignment resets what came before. */
export function mergeUnits(units: readonly SystemdUnit[]): SystemdUnit {
  return { entries: units.flatMap(({ entries }) => entries) };
}

/** Effective value of a single-valued key: the last one. */
export function unitValue(unit: SystemdUnit, section: string, key: string): UnitEntry | undefined {
  return unit.entries.findLast((entry) => entry.section === section && entry.key === key);
}

/** Effective values of a list key (`EnvironmentFile`, `ExecStart`, `Environment`): resets honoured. */
export function unitList(unit: SystemdUnit, section: string, key: string): readonly UnitEntry[] {
  const all = unit.entries.filter((entry) => entry.section === section && entry.key === key);
  return all.slice(all.findLastIndex(({ value }) => value === "") + 1);
}

/** `Environment=` split and unquoted as systemd does; the last assignment of a key wins. */
export function unitEnvironment(unit: SystemdUnit): readonly UnitVariable[] {
  const variables = new Map<string, UnitVariable>();
  for (const { value, file, line } of unitList(unit, "Service", "Environment")) {
    for (const word of splitUnitWords(value)) {
      const at = word.indexOf("=");
      const key = word.slice(0, Math.max(at, 0));
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) continue;
      // `%%` is the one specifier that can be resolved without the running manager.
      variables.delete(key);
      variables.set(key, { key, value: word.slice(at + 1).replaceAll("%%", "%"), file, line });
    }
  }
  return [...variables.values()];
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  s: " ",
  "\\": "\\",
  '"': '"',
  "'": "'",
};
const NUMBER_ESCAPE = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/;

/**
 * Splits as `extract_first_word` of systemd does with UNQUOTE and CUNESCAPE: blanks separate,
 * quotes may stand anywhere in a word, C escapes count inside quotes of both kinds as well.
 * An invalid escape or an unbalanced quote ends the list, as systemd ignores the rest of the line.
 */
export function splitUnitWords(text: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (isBlank(text[at])) {
      at += 1;
      continue;
    }
    const word = readWord(text, at);
    if (word === undefined) break;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readWord(text: string, start: number): Piece | undefined {
  let word = "";
  let quote = "";
  let at = start;
  while (at < text.length && !(quote === "" && isBlank(text[at]))) {
    const piece = readPiece(text, at, quote);
    if (piece === undefined) return undefined;
    if (piece.text === "") quote = quote === "" ? (text[at] ?? "") : "";
    word += piece.text;
    at = piece.end;
  }
  return quote === "" ? { text: word, end: at } : undefined;
}

/** One character of a word; a quote that opens or closes gives empty text. */
function readPiece(text: string, at: number, quote: string): Piece | undefined {
  const char = text[at] ?? "";
  if (char === "\\") return readEscape(text, at + 1);
  const isQuote = quote === "" ? char === '"' || char === "'" : char === quote;
  return { text: isQuote ? "" : char, end: at + 1 };
}

function readEscape(text: string, at: number): Piece | undefined {
  const simple = SIMPLE_ESCAPES[text[at] ?? ""];
  if (simple !== undefined) return { text: simple, end: at + 1 };
  const match = NUMBER_ESCAPE.exec(text.slice(at, at + 9));
  if (match === null) return undefined;
  const hex = match[1] ?? match[2] ?? match[3];
  const code = hex === undefined ? Number.parseInt(match[4] ?? "", 8) : Number.parseInt(hex, 16);
  if (code === 0 || code > 0x10ffff) return undefined;
  return { text: String.fromCodePoint(code), end: at + match[0].length };
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
