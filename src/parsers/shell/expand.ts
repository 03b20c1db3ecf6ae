import { quotedPieces, wordPieces } from "./tokens.ts";

/** What a variable holds, as far as it can be told without running anything. */
export type ShellValue =
  | { readonly state: "set"; readonly text: string }
  | { readonly state: "unset" }
  | { readonly state: "unknown" };

/** The variables a word is expanded with. */
export interface ShellScope {
  lookUp(name: string): ShellValue;
  /** `${NAME:=word}` sets what it asks. */
  assign(name: string, text: string): void;
  /** `$1`, `$2` ...; `undefined` where they cannot be told. */
  readonly positional: readonly string[] | undefined;
}

/** One field; the word as written where it is not known. */
export interface ShellField {
  readonly text: string;
  readonly isKnown: boolean;
}

/** `${A:-${B:-c}}`. */
const EXPANSION_DEPTH_MAX = 8;
const ALL_ARGUMENTS = /^(?:"\$[@*]"|\$[@*]|"\$\{[@*]\}"|\$\{[@*]\})$/;

/** The fields a word becomes (XCU 2.6): `"$@"` one for each argument, an unquoted value split. */
export function expandFields(raw: string, scope: ShellScope): readonly ShellField[] {
  if (ALL_ARGUMENTS.test(raw)) {
    return scope.positional?.map(knownField) ?? [{ text: raw, isKnown: false }];
  }
  const { text, isKnown, isSplit } = expand(raw, scope, 0);
  if (!isKnown || !isSplit) return [{ text, isKnown }];
  return text
    .split(/[ \t\n]+/)
    .filter((field) => field !== "")
    .map(knownField);
}

/** The text of a word that is not split, as in an assignment; `undefined` where it is not known. */
export function expandText(raw: string, scope: ShellScope): string | undefined {
  const { text, isKnown } = expand(raw, scope, 0);
  return isKnown ? text : undefined;
}

function knownField(text: string): ShellField {
  return { text, isKnown: true };
}

interface Expansion extends ShellField {
  /** It holds an expansion outside of quotes. */
  readonly isSplit: boolean;
}

function expand(raw: string, scope: ShellScope, depth: number): Expansion {
  if (depth > EXPANSION_DEPTH_MAX || /=\(/.test(raw)) {
    return { text: raw, isKnown: false, isSplit: false };
  }
  return join(wordPieces(raw).map((piece) => expandPiece(piece, scope, depth)));
}

function join(parts: readonly Expansion[]): Expansion {
  return {
    text: parts.map(({ text }) => text).join(""),
    isKnown: parts.every(({ isKnown }) => isKnown),
    isSplit: parts.some(({ isSplit }) => isSplit),
  };
}

function literal(text: string): Expansion {
  return { text, isKnown: true, isSplit: false };
}

function expandPiece(piece: string, scope: ShellScope, depth: number): Expansion {
  const [first] = piece;
  if (first === "\\") return literal(piece === "\\\n" ? "" : piece.slice(1));
  if (first === "'") return literal(piece.slice(1, -1));
  if (first === '"') return expandQuoted(piece.slice(1, -1), scope, depth);
  if (first === "$") return { ...expandDollar(piece, scope, depth), isSplit: piece.length > 1 };
  return first === "`" ? unknownPiece(piece) : literal(piece);
}

function expandQuoted(inner: string, scope: ShellScope, depth: number): Expansion {
  const parts = quotedPieces(inner).map((piece) => {
    if (piece.startsWith("\\")) {
      return literal(/^\\["$`\\\n]/.test(piece) ? piece.slice(1) : piece);
    }
    if (piece.startsWith("$")) return expandDollar(piece, scope, depth);
    return piece.startsWith("`") ? unknownPiece(piece) : literal(piece);
  });
  return { ...join(parts), isSplit: false };
}

function unknownPiece(text: string): Expansion {
  return { text, isKnown: false, isSplit: false };
}

function expandDollar(piece: string, scope: ShellScope, depth: number): Expansion {
  if (piece === "$") return literal("$");
  if (piece.startsWith("$'")) return literal(piece.slice(2, -1));
  const plain = /^\$(\w+|[@*#?$!-])$/.exec(piece)?.[1];
  if (plain !== undefined) return shownValue(valueIn(plain, scope), piece);
  const [, name, operator = "", word = ""] =
    /^\$\{([A-Za-z_]\w*|\d+|[@*#])(:?[-=?+])?(.*)\}$/s.exec(piece) ?? [];
  if (name === undefined) return unknownPiece(piece);
  const value = valueIn(name, scope);
  if (operator === "") {
    return word === "" ? shownValue(value, piece) : changedCase(value, word, piece);
  }
  const substituted = substitute({ name, value, operator, word }, scope, depth);
  return substituted ?? unknownPiece(piece);
}

function valueIn(name: string, scope: ShellScope): ShellValue {
  const { positional } = scope;
  if (/^[A-Za-z_]/.test(name)) return scope.lookUp(name);
  if (positional === undefined || /^[?$!-]|^0$/.test(name)) return { state: "unknown" };
  if (name === "#") return { state: "set", text: String(positional.length) };
  if (name === "@" || name === "*") return { state: "set", text: positional.join(" ") };
  const text = positional[Number(name) - 1];
  return text === undefined ? { state: "unset" } : { state: "set", text };
}

function shownValue(value: ShellValue, piece: string): Expansion {
  if (value.state === "unknown") return unknownPiece(piece);
  return literal(value.state === "set" ? value.text : "");
}

/** `${NAME,,}` and `${NAME^^}` of bash; nothing else that changes a value is read. */
function changedCase(value: ShellValue, word: string, piece: string): Expansion {
  const text = value.state === "set" ? value.text : "";
  if (value.state === "unknown" || (word !== ",," && word !== "^^")) return unknownPiece(piece);
  return literal(word === ",," ? text.toLowerCase() : text.toUpperCase());
}

interface Substitution {
  readonly name: string;
  readonly value: ShellValue;
  readonly operator: string;
  readonly word: string;
}

function substitute(
  { name, value, operator, word }: Substitution,
  scope: ShellScope,
  depth: number,
): Expansion | undefined {
  if (value.state === "unknown") return undefined;
  const isTaken = value.state === "set" && !(operator.startsWith(":") && value.text === "");
  const sign = operator.at(-1);
  if (sign === "+") return isTaken ? expand(word, scope, depth + 1) : literal("");
  if (isTaken) return literal(value.text);
  // `${NAME:?}` ends the script where NAME is missing: what starts has it.
  if (sign === "?") return undefined;
  const given = expand(word, scope, depth + 1);
  if (sign === "=" && given.isKnown) scope.assign(name, given.text);
  return given;
}
