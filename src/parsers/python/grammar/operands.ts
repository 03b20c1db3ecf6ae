import { numberOf } from "../literals.ts";
import type { Expression, Place } from "../syntax.ts";
import { argumentList, braceDisplay, listDisplay, parenthesized, subscripts } from "./brackets.ts";
import {
  here,
  isOperator,
  type ParseState,
  requireName,
  skipOperator,
  standsOn,
  syntaxError,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";
import type { TokenKind } from "./scanner-state.ts";
import { stringLiteral } from "./string-literal.ts";

type Start = Omit<Place, "end">;

/** Operators, calls and attributes one after the other make a tree as deep as they are many. */
export const CHAIN_MAX = 400;
export const CHAIN = "a longer chain than is read";

/** Counts one link more; a chain past `CHAIN_MAX` is not kept, since those who walk through it call themselves. */
export function isTooLong(state: ParseState): boolean {
  state.height += 1;
  if (state.height <= CHAIN_MAX) return false;
  state.height = 0;
  return true;
}

/** `await x` is taken to arrive as `x`; where nothing follows it, `await` is a name. */
export function operand(state: ParseState): Expression {
  const { scanner } = state;
  const at = here(state);
  if (scanner.kind !== "name" || scanner.value !== "await") return links(state, at, atom(state));
  const { end } = scanner;
  advance(scanner);
  const isAwaited =
    standsOn(state, "name") ||
    standsOn(state, "number") ||
    standsOn(state, "string") ||
    isOperator(state, "(") ||
    isOperator(state, "[");
  if (isAwaited) return links(state, here(state), atom(state));
  return links(state, at, { ...at, end, kind: "name", name: "await" });
}

/** Attributes, calls and subscripts of a value, as many as follow. */
function links(state: ParseState, at: Start, first: Expression): Expression {
  const { scanner } = state;
  let object = first;
  for (;;) {
    if (scanner.kind !== "operator") return object;
    const { height } = state;
    let next: Expression;
    if (skipOperator(state, ".")) {
      const name = attributeName(state);
      next = { ...at, end: scanner.previousEnd, kind: "attribute", object, name };
    } else if (scanner.value === "(") {
      const found = argumentList(state);
      next = { ...at, end: scanner.previousEnd, kind: "call", callee: object, arguments: found };
    } else if (scanner.value === "[") next = subscripted(state, at, object);
    else return object;
    state.height = Math.max(height, state.height);
    object = isTooLong(state)
      ? { ...at, end: scanner.previousEnd, kind: "opaque", what: CHAIN }
      : next;
  }
}

/** Python 2 code has attributes that are words of Python 3 (`None`, `True`). */
function attributeName(state: ParseState): string {
  const { scanner } = state;
  if (scanner.kind !== "keyword") return requireName(state);
  const { value } = scanner;
  advance(scanner);
  return value;
}

function subscripted(state: ParseState, at: Start, object: Expression): Expression {
  const { items, isTuple } = subscripts(state);
  const { previousEnd: end } = state.scanner;
  const [first] = items;
  if (first !== undefined && !isTuple)
    return { ...at, end, kind: "subscript", object, index: first };
  const index: Expression = { ...at, end, kind: "sequence", type: "tuple", items };
  return { ...at, end, kind: "subscript", object, index };
}

function atom(state: ParseState): Expression {
  const { scanner } = state;
  const { kind, value } = scanner;
  state.height = 0;
  if (kind === "string") return stringLiteral(state);
  const display = kind === "operator" ? DISPLAYS[value] : undefined;
  if (display !== undefined) return display(state);
  const at = here(state);
  const { end } = scanner;
  const found = wordOf(kind, value);
  if (found === undefined) throw syntaxError(state);
  advance(scanner);
  return { ...at, end, ...found };
}

const DISPLAYS: Readonly<Record<string, (state: ParseState) => Expression>> = {
  "(": parenthesized,
  "[": listDisplay,
  "{": braceDisplay,
};

type Word =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "constant"; readonly value: boolean | null }
  | { readonly kind: "opaque"; readonly what: string };

function wordOf(kind: TokenKind, value: string): Word | undefined {
  if (kind === "name") return { kind: "name", name: value };
  if (kind === "number") return { kind: "number", value: numberOf(value) };
  if (kind === "operator")
    return value === "..." ? { kind: "opaque", what: "ellipsis" } : undefined;
  if (value === "None") return { kind: "constant", value: null };
  if (value !== "True" && value !== "False") return undefined;
  return { kind: "constant", value: value === "True" };
}
