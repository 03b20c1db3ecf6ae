import type { Expression, Place } from "../syntax.ts";
import { CHAIN, isTooLong, operand } from "./operands.ts";
import {
  enclosed,
  here,
  isKeyword,
  isOperator,
  type ParseState,
  requireKeyword,
  skipKeyword,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";

type Start = Omit<Place, "end">;

/** How tightly an operator binds; the table of section 6.17. */
const BINDING: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  "|": 5,
  "^": 6,
  "&": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "//": 10,
  "%": 10,
  "@": 10,
};
export const LOWEST = 1;
const NEGATION = 3;
const COMPARISON = 4;
export const ABOVE_COMPARISON = 5;
const COMPARING: ReadonlySet<string> = new Set([
  "<",
  ">",
  "<=",
  ">=",
  "==",
  "!=",
  "<>",
  "in",
  "is",
  "not",
]);

/** Operators that bind at least as tightly as `floor` and what is between them. */
export function operation(state: ParseState, floor: number): Expression {
  const at = here(state);
  let left = floor <= NEGATION && isKeyword(state, "not") ? negation(state, at) : unary(state);
  for (;;) {
    const binding = bindingOf(state);
    if (binding < floor) return left;
    left = binding === COMPARISON ? comparison(state, at, left) : binary(state, at, left, binding);
  }
}

/** How tightly the operator that stands here binds; 0 for what is none. */
function bindingOf({ scanner: { kind, value } }: ParseState): number {
  if (kind !== "operator" && kind !== "keyword") return 0;
  return COMPARING.has(value) ? COMPARISON : (BINDING[value] ?? 0);
}

function negation(state: ParseState, at: Start): Expression {
  advance(state.scanner);
  const inner = enclosed(state, negated);
  return { ...at, end: state.scanner.previousEnd, kind: "not", operand: inner };
}

function negated(state: ParseState): Expression {
  return operation(state, NEGATION);
}

function binary(state: ParseState, at: Start, left: Expression, binding: number): Expression {
  const { scanner } = state;
  const { height } = state;
  const { value: operator } = scanner;
  advance(scanner);
  const right = operation(state, binding + 1);
  const { previousEnd: end } = scanner;
  state.height = Math.max(height, state.height);
  if (isTooLong(state)) return { ...at, end, kind: "opaque", what: CHAIN };
  return operator === "and" || operator === "or"
    ? { ...at, end, kind: "logical", operator, left, right }
    : { ...at, end, kind: "binary", operator, left, right };
}

function comparison(state: ParseState, at: Start, first: Expression): Expression {
  const operands = [first];
  const operators: string[] = [];
  let { height } = state;
  for (;;) {
    const operator = comparing(state);
    if (operator === undefined) break;
    operators.push(operator);
    operands.push(operation(state, ABOVE_COMPARISON));
    height = Math.max(height, state.height);
  }
  state.height = height;
  return { ...at, end: state.scanner.previousEnd, kind: "compare", operands, operators };
}

/** The comparison that stands here, which is passed: `is not` and `not in` are one. */
function comparing(state: ParseState): string | undefined {
  const { scanner } = state;
  const { kind, value } = scanner;
  if ((kind !== "operator" && kind !== "keyword") || !COMPARING.has(value)) return undefined;
  advance(scanner);
  if (value === "not") {
    requireKeyword(state, "in");
    return "not in";
  }
  return value === "is" && skipKeyword(state, "not") ? "is not" : value;
}

/** A sign binds less than `**` on its right, and more on its left. */
function unary(state: ParseState): Expression {
  const { scanner } = state;
  const { kind, value: operator } = scanner;
  const at = here(state);
  if (kind === "operator" && (operator === "-" || operator === "+" || operator === "~")) {
    advance(scanner);
    const inner = enclosed(state, unary);
    return { ...at, end: scanner.previousEnd, kind: "unary", operator, operand: inner };
  }
  const left = operand(state);
  if (!isOperator(state, "**")) return left;
  const { height } = state;
  advance(scanner);
  const right = enclosed(state, unary);
  state.height = Math.max(height, state.height) + 1;
  return { ...at, end: scanner.previousEnd, kind: "binary", operator: "**", left, right };
}
