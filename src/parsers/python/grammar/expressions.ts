import type { Expression, Place } from "../syntax.ts";
import { starred } from "./brackets.ts";
import { ABOVE_COMPARISON, LOWEST, operation } from "./operations.ts";
import { parametersUntil } from "./parameters.ts";
import {
  beginsExpression,
  enclosed,
  type Grammar,
  here,
  isKeyword,
  isOperator,
  type ParseState,
  requireKeyword,
  skipKeyword,
  skipOperator,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";

type Start = Omit<Place, "end">;

/** One expression (language reference, chapter 6), without a comma outside of brackets. */
export function expression(state: ParseState): Expression {
  if (isKeyword(state, "lambda")) return lambda(state);
  if (isKeyword(state, "yield")) return yielded(state);
  const at = here(state);
  const first = disjunction(state);
  if (first.kind === "name" && skipOperator(state, ":=")) {
    const value = enclosed(state, expression);
    return { ...at, end: state.scanner.previousEnd, kind: "walrus", name: first.name, value };
  }
  return conditional(state, at, first);
}

function conditional(state: ParseState, at: Start, whenTrue: Expression): Expression {
  if (!skipKeyword(state, "if")) return whenTrue;
  let { height } = state;
  const test = enclosed(state, disjunction);
  height = Math.max(height, state.height);
  requireKeyword(state, "else");
  const otherwise = enclosed(state, expression);
  state.height = Math.max(height, state.height);
  const { previousEnd: end } = state.scanner;
  return { ...at, end, kind: "conditional", test, whenTrue, otherwise };
}

/** Without `:=`: in an f-string's field the colon begins the format. */
function fieldValue(state: ParseState): Expression {
  const at = here(state);
  if (isKeyword(state, "yield")) return yielded(state);
  const first = isOperator(state, "*") ? starred(state) : disjunction(state);
  const value = conditional(state, at, first);
  return isOperator(state, ",") ? tuple(state, at, value, starred) : value;
}

function disjunction(state: ParseState): Expression {
  return operation(state, LOWEST);
}

/** Expressions with commas between them are a tuple without brackets. */
export function expressionList(state: ParseState): Expression {
  const at = here(state);
  const first = starred(state);
  return isOperator(state, ",") ? tuple(state, at, first, starred) : first;
}

/** What is assigned to by `for`: `in` ends it. */
function targets(state: ParseState): Expression {
  const at = here(state);
  const first = target(state);
  return isOperator(state, ",") ? tuple(state, at, first, target) : first;
}

function target(state: ParseState): Expression {
  if (!isOperator(state, "*")) return operation(state, ABOVE_COMPARISON);
  const at = here(state);
  advance(state.scanner);
  const value = operation(state, ABOVE_COMPARISON);
  return { ...at, end: state.scanner.previousEnd, kind: "starred", value };
}

function tuple(
  state: ParseState,
  at: Start,
  first: Expression,
  read: (state: ParseState) => Expression,
): Expression {
  const items = [first];
  let { height } = state;
  while (skipOperator(state, ",") && beginsExpression(state)) {
    items.push(read(state));
    height = Math.max(height, state.height);
  }
  state.height = height;
  return { ...at, end: state.scanner.previousEnd, kind: "sequence", type: "tuple", items };
}

function yielded(state: ParseState): Expression {
  const at = here(state);
  advance(state.scanner);
  if (skipKeyword(state, "from")) enclosed(state, expression);
  else if (beginsExpression(state)) expressionList(state);
  state.height = 0;
  return { ...at, end: state.scanner.previousEnd, kind: "opaque", what: "yield" };
}

function lambda(state: ParseState): Expression {
  const at = here(state);
  advance(state.scanner);
  const parameters = parametersUntil(state, ":", false);
  const body = enclosed(state, expression);
  return { ...at, end: state.scanner.previousEnd, kind: "lambda", parameters, body };
}

export const EXPRESSIONS: Omit<Grammar, "block"> = { expression, disjunction, targets, fieldValue };
