import { mayExpand, type Scan } from "./scan.ts";
import { skipWhile } from "./whitespace.ts";

/** How deep `${A:-${B:-...}}` may nest. */
const DEPTH_MAX = 16;

type Expanded =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** compose-go `template.Substitute`: `$$`, `$NAME`, `${NAME}`, and `:-` `-` `:+` `+` `:?` `?`. */
export function expandCompose(scan: Scan, text: string, depth = 0): Expanded {
  const parts: string[] = [];
  let cursor = 0;
  for (let at = text.indexOf("$"); at !== -1; at = text.indexOf("$", cursor)) {
    parts.push(text.slice(cursor, at));
    const piece = expandOne(scan, text, at, depth);
    if (!piece.ok) return piece;
    if (!mayExpand(scan, piece.value.length)) {
      return { ok: false, message: "it expands to more text than is read" };
    }
    parts.push(piece.value);
    cursor = piece.end;
  }
  parts.push(text.slice(cursor));
  return { ok: true, value: parts.join("") };
}

type Piece =
  | { readonly ok: true; readonly value: string; readonly end: number }
  | { readonly ok: false; readonly message: string };

function isNameCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_]/.test(character);
}

function variableText(scan: Scan, name: string): string | undefined {
  return scan.lookup(name) ?? scan.values.get(name);
}

function expandOne(scan: Scan, text: string, at: number, depth: number): Piece {
  const next = text[at + 1];
  if (next === "$") return { ok: true, value: "$", end: at + 2 };
  const from = next === "{" ? at + 2 : at + 1;
  const end = skipWhile(text, from, text.length, isNameCharacter);
  const name = text.slice(from, end);
  if (!/^[A-Za-z_]/.test(name)) return { ok: false, message: "a $ that names no variable" };
  if (next !== "{") return { ok: true, value: variableText(scan, name) ?? "", end };
  if (text[end] === "}") return { ok: true, value: variableText(scan, name) ?? "", end: end + 1 };
  const close = closingBrace(text, at + 1);
  const operator = /^:?[-+?]/.exec(text.slice(end, end + 2))?.[0];
  if (close === undefined || operator === undefined || depth >= DEPTH_MAX) {
    return { ok: false, message: "a ${ that is not well formed" };
  }
  const word = text.slice(end + operator.length, close);
  const value = applied(scan, name, operator, word, depth);
  return value.ok ? { ...value, end: close + 1 } : value;
}

function applied(
  scan: Scan,
  name: string,
  operator: string,
  word: string,
  depth: number,
): Expanded {
  const value = variableText(scan, name);
  const isThere = value !== undefined && (operator.length === 1 || value !== "");
  switch (operator.at(-1)) {
    case "-":
      return isThere ? { ok: true, value: value ?? "" } : expandCompose(scan, word, depth + 1);
    case "+":
      return isThere ? expandCompose(scan, word, depth + 1) : { ok: true, value: value ?? "" };
    default:
      return isThere
        ? { ok: true, value: value ?? "" }
        : { ok: false, message: "a required variable is not set" };
  }
}

function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    else if (text[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
