import type { Parameter } from "../syntax.ts";
import { skipBrackets } from "./brackets.ts";
import {
  enclosed,
  isOperator,
  type ParseState,
  requireName,
  requireOperator,
  skipOperator,
} from "./parse-state.ts";

/** Parameters of a function or lambda up to and behind `closing`; the markers `/` and `*` are left out. */
export function parametersUntil(
  state: ParseState,
  closing: string,
  isAnnotated: boolean,
): readonly Parameter[] {
  const found: Parameter[] = [];
  while (!skipOperator(state, closing)) {
    const one = parameter(state, isAnnotated);
    if (one !== undefined) found.push(one);
    if (!isOperator(state, closing)) requireOperator(state, ",");
  }
  return found;
}

function parameter(state: ParseState, isAnnotated: boolean): Parameter | undefined {
  if (skipOperator(state, "/")) return undefined;
  const spread = skipOperator(state, "**") ? "**" : skipOperator(state, "*") ? "*" : "";
  if (spread === "*" && isOperator(state, ",")) return undefined;
  // Python 2 takes tuples apart here: `lambda (key, value): value`.
  if (isOperator(state, "(")) {
    skipBrackets(state);
    return undefined;
  }
  const name = requireName(state);
  if (isAnnotated) skipAnnotation(state);
  const preset = skipOperator(state, "=") ? enclosed(state, state.grammar.expression) : undefined;
  return { name, spread, default: preset };
}

function skipAnnotation(state: ParseState): void {
  if (!skipOperator(state, ":")) return;
  skipOperator(state, "*");
  enclosed(state, state.grammar.expression);
}
