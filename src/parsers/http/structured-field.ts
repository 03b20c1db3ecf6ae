import { FIELD_COUNT_MAX, FIELD_LENGTH_MAX, type FieldProblem, type FieldSpan } from "./field.ts";

/**
 * Structured Field Values, RFC 9651 (September 2024): items, lists and dictionaries, by the parsing algorithms of
 * section 4.2. Our own rather than the package structured-headers, which gives no positions and throws.
 */
export type SfBareItem =
  | { readonly type: "integer" | "decimal"; readonly value: number }
  | { readonly type: "string" | "token" | "display-string"; readonly value: string }
  /** Base64, padded. */
  | { readonly type: "bytes"; readonly value: string }
  | { readonly type: "boolean"; readonly value: boolean }
  /** Seconds since 1970. */
  | { readonly type: "date"; readonly value: number };

/** Key and value in order of first occurrence; a repeated key has its last value. */
export type SfParameters = ReadonlyMap<string, SfBareItem>;

export interface SfItem extends FieldSpan {
  readonly kind: "item";
  readonly value: SfBareItem;
  readonly parameters: SfParameters;
}

export interface SfInnerList extends FieldSpan {
  readonly kind: "list";
  readonly items: readonly SfItem[];
  readonly parameters: SfParameters;
}

export interface SfMember extends FieldSpan {
  readonly key: string;
  readonly value: SfItem | SfInnerList;
}

/** What was parsed, or why the whole field is to be ignored (RFC 9651 section 4.2). */
export type SfResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: FieldProblem };

/** Thrown within this file only, where a character does not fit. */
class SfError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** A text with a place in it. */
interface Cursor {
  readonly text: string;
  at: number;
  readonly span: (start: number, end: number) => FieldSpan;
}

/** Parses the field lines, joined by commas as section 4.2 says, as one item. */
export function parseSfItem(values: readonly string[]): SfResult<SfItem> {
  return parseWhole(values, readItem);
}

export function parseSfList(
  values: readonly string[],
): SfResult<readonly (SfItem | SfInnerList)[]> {
  return parseWhole(values, (cursor) => {
    const members: (SfItem | SfInnerList)[] = [];
    readMembers(cursor, () => members.push(readItemOrList(cursor)));
    return members;
  });
}

/** A repeated key keeps its place and has its last value. */
export function parseSfDictionary(values: readonly string[]): SfResult<readonly SfMember[]> {
  return parseWhole(values, (cursor) => {
    const members = new Map<string, SfMember>();
    readMembers(cursor, () => {
      const member = readMember(cursor);
      members.set(member.key, member);
    });
    return [...members.values()];
  });
}

function parseWhole<T>(values: readonly string[], read: (cursor: Cursor) => T): SfResult<T> {
  const lines = values.slice(0, FIELD_COUNT_MAX).map((value) => value.slice(0, FIELD_LENGTH_MAX));
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.length + 2;
  }
  const span = (start: number, end: number): FieldSpan => {
    const field = Math.max(
      0,
      starts.findLastIndex((first) => first <= start),
    );
    // A place in the comma between two lines is the end of the first of them.
    const size = lines[field]?.length ?? 0;
    const offset = Math.min(start - (starts[field] ?? 0), size);
    return { field, offset, length: Math.min(end - start, size - offset) };
  };
  const cursor: Cursor = { text: lines.join(", "), at: 0, span };
  try {
    skip(cursor, / */y);
    const value = read(cursor);
    skip(cursor, / */y);
    if (cursor.at < cursor.text.length) throw new SfError("unexpected text", cursor.at);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof SfError)) throw error;
    const { message, at } = error;
    return {
      ok: false,
      problem: { rule: "malformed", message: `no structured field: ${message}`, ...span(at, at) },
    };
  }
}

function skip(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const text = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += text.length;
  return text;
}

function readMembers(cursor: Cursor, readOne: () => void): void {
  while (cursor.at < cursor.text.length) {
    readOne();
    skip(cursor, /[ \t]*/y);
    if (cursor.at >= cursor.text.length) return;
    if (cursor.text[cursor.at] !== ",") throw new SfError("a comma is missing", cursor.at);
    cursor.at += 1;
    skip(cursor, /[ \t]*/y);
    if (cursor.at >= cursor.text.length) throw new SfError("a comma at the end", cursor.at - 1);
  }
}

function readMember(cursor: Cursor): SfMember {
  const start = cursor.at;
  const key = readKey(cursor);
  if (cursor.text[cursor.at] === "=") {
    cursor.at += 1;
    const value = readItemOrList(cursor);
    return { key, value, ...cursor.span(start, cursor.at) };
  }
  const parameters = readParameters(cursor);
  const span = cursor.span(start, cursor.at);
  const value: SfItem = {
    kind: "item",
    value: { type: "boolean", value: true },
    parameters,
    ...span,
  };
  return { key, value, ...span };
}

function readItemOrList(cursor: Cursor): SfItem | SfInnerList {
  return cursor.text[cursor.at] === "(" ? readInnerList(cursor) : readItem(cursor);
}

function readInnerList(cursor: Cursor): SfInnerList {
  const start = cursor.at;
  cursor.at += 1;
  const items: SfItem[] = [];
  for (;;) {
    skip(cursor, / */y);
    if (cursor.text[cursor.at] === ")") break;
    if (cursor.at >= cursor.text.length) throw new SfError("a list is not closed", start);
    items.push(readItem(cursor));
    const next = cursor.text[cursor.at];
    if (next !== " " && next !== ")") throw new SfError("a blank or ) is missing", cursor.at);
  }
  cursor.at += 1;
  const parameters = readParameters(cursor);
  return { kind: "list", items, parameters, ...cursor.span(start, cursor.at) };
}

function readItem(cursor: Cursor): SfItem {
  const start = cursor.at;
  const value = readBareItem(cursor);
  const parameters = readParameters(cursor);
  return { kind: "item", value, parameters, ...cursor.span(start, cursor.at) };
}

function readParameters(cursor: Cursor): SfParameters {
  const parameters = new Map<string, SfBareItem>();
  while (cursor.text[cursor.at] === ";") {
    cursor.at += 1;
    skip(cursor, / */y);
    const key = readKey(cursor);
    let value: SfBareItem = { type: "boolean", value: true };
    if (cursor.text[cursor.at] === "=") {
      cursor.at += 1;
      value = readBareItem(cursor);
    }
    parameters.set(key, value);
  }
  return parameters;
}

function readKey(cursor: Cursor): string {
  const key = skip(cursor, /[a-z*][a-z0-9_.*-]*/y);
  if (key === "") throw new SfError("a key is missing", cursor.at);
  return key;
}

function readBareItem(cursor: Cursor): SfBareItem {
  const char = cursor.text[cursor.at] ?? "";
  if (char === '"') return { type: "string", value: readString(cursor) };
  if (char === ":") return { type: "bytes", value: readBytes(cursor) };
  if (char === "?") return readBoolean(cursor);
  if (char === "@") return readDate(cursor);
  if (char === "%") return { type: "display-string", value: readDisplayString(cursor) };
  if (/[-0-9]/.test(char)) return readNumber(cursor);
  const token = skip(cursor, /[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y);
  if (token === "") throw new SfError("a value is missing", cursor.at);
  return { type: "token", value: token };
}

/** At most 15 digits; a decimal at most 12 before and 3 after the point (sections 3.3.1 and 3.3.2). */
function readNumber(cursor: Cursor): SfBareItem {
  const start = cursor.at;
  const text = skip(cursor, /-?\d+(?:\.\d*)?/y);
  const [, whole = "", fraction] = /^-?(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  const isDecimal = fraction !== undefined;
  const fits = isDecimal
    ? whole.length <= 12 && fraction.length >= 1 && fraction.length <= 3
    : whole.length >= 1 && whole.length <= 15;
  if (!fits) throw new SfError("no number in range", start);
  return { type: isDecimal ? "decimal" : "integer", value: Number(text) };
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  const text = skip(cursor, /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
  if (text === "") throw new SfError("a string is not closed or has a wrong character", start);
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}

function readBytes(cursor: Cursor): string {
  const start = cursor.at;
  const text = skip(cursor, /:[A-Za-z0-9+/]*={0,2}:/y).slice(1, -1);
  const bare = text.replace(/=+$/, "");
  if (cursor.at === start || bare.length % 4 === 1)
    throw new SfError("no byte sequence in base64", start);
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}

function readBoolean(cursor: Cursor): SfBareItem {
  const text = skip(cursor, /\?[01]/y);
  if (text === "") throw new SfError("no boolean", cursor.at);
  return { type: "boolean", value: text === "?1" };
}

function readDate(cursor: Cursor): SfBareItem {
  const start = cursor.at;
  cursor.at += 1;
  const number = readNumber(cursor);
  if (number.type !== "integer") throw new SfError("no date in whole seconds", start);
  return { type: "date", value: number.value };
}

function readDisplayString(cursor: Cursor): string {
  const start = cursor.at;
  const text = skip(cursor, /%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y).slice(2, -1);
  if (cursor.at === start) throw new SfError("a display string is malformed", start);
  const decoded = decodeUtf8(text);
  if (decoded === undefined) throw new SfError("a display string is no UTF-8", start);
  return decoded;
}

function decodeUtf8(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // decodeURIComponent has no other way to say that the bytes are no UTF-8.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
