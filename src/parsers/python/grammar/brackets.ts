import type { Argument, Comprehension, DictEntry, Expression } from "../syntax.ts";
import {
  beginsExpression,
  enclosed,
  here,
  isKeyword,
  isOperator,
  type ParseState,
  requireKeyword,
  requireOperator,
  skipKeyword,
  skipOperator,
  syntaxError,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";
import { skipToken } from "./string-literal.ts";

/** `(...)`: what it encloses, a tuple or a generator. */
export function parenthesized(state: ParseState): Expression {
  const at = here(state);
  advance(state.scanner);
  if (skipOperator(state, ")"))
    return { ...at, end: state.scanner.previousEnd, kind: "sequence", type: "tuple", items: [] };
  const first = starred(state);
  if (beginsComprehension(state)) return comprehension(state, at, "generator", ")", first);
  if (skipOperator(state, ")")) return first;
  return sequence(state, at, "tuple", ")", first);
}

/** `[...]`: a list, or a comprehension of one. */
export function listDisplay(state: ParseState): Expression {
  const at = here(state);
  advance(state.scanner);
  if (skipOperator(state, "]"))
    return { ...at, end: state.scanner.previousEnd, kind: "sequence", type: "list", items: [] };
  const first = starred(state);
  if (beginsComprehension(state)) return comprehension(state, at, "list", "]", first);
  return sequence(state, at, "list", "]", first);
}

/** `{...}`: a dict, a set, or a comprehension of one. */
export function braceDisplay(state: ParseState): Expression {
  const at = here(state);
  advance(state.scanner);
  if (isOperator(state, "}") || isOperator(state, "**")) return dict(state, at, []);
  const first = starred(state);
  if (skipOperator(state, ":")) {
    const { height } = state;
    const value = enclosed(state, state.grammar.expression);
    state.height = Math.max(height, state.height);
    if (beginsComprehension(state)) return comprehension(state, at, "dict", "}", first, value);
    const entries = [{ key: first, value }];
    if (!isOperator(state, "}")) requireOperator(state, ",");
    return dict(state, at, entries);
  }
  if (beginsComprehension(state)) return comprehension(state, at, "set", "}", first);
  return sequence(state, at, "set", "}", first);
}

type Start = ReturnType<typeof here>;

/** The rest of a display after its first item, with its closing bracket. */
function sequence(
  state: ParseState,
  at: Start,
  type: "list" | "tuple" | "set",
  closing: string,
  first: Expression,
): Expression {
  const items = [first];
  let { height } = state;
  while (!skipOperator(state, closing)) {
    requireOperator(state, ",");
    if (skipOperator(state, closing)) break;
    items.push(starred(state));
    height = Math.max(height, state.height);
  }
  state.height = height;
  return { ...at, end: state.scanner.previousEnd, kind: "sequence", type, items };
}

function dict(state: ParseState, at: Start, entries: DictEntry[]): Expression {
  let { height } = state;
  while (!skipOperator(state, "}")) {
    const isSpread = skipOperator(state, "**");
    const first = enclosed(state, state.grammar.expression);
    height = Math.max(height, state.height);
    if (isSpread) entries.push({ key: undefined, value: first });
    else {
      requireOperator(state, ":");
      entries.push({ key: first, value: enclosed(state, state.grammar.expression) });
      height = Math.max(height, state.height);
    }
    if (!isOperator(state, "}")) requireOperator(state, ",");
  }
  state.height = height;
  return { ...at, end: state.scanner.previousEnd, kind: "dict", entries };
}

/** An expression, or `*` and one. */
export function starred(state: ParseState): Expression {
  if (!isOperator(state, "*")) return enclosed(state, state.grammar.expression);
  const at = here(state);
  advance(state.scanner);
  const value = enclosed(state, state.grammar.disjunction);
  return { ...at, end: state.scanner.previousEnd, kind: "starred", value };
}

function beginsComprehension(state: ParseState): boolean {
  if (isKeyword(state, "for")) return true;
  const { scanner } = state;
  return scanner.kind === "name" && scanner.value === "async";
}

function comprehension(
  state: ParseState,
  at: Start,
  type: Comprehension["type"],
  closing: string,
  element: Expression,
  value?: Expression,
): Expression {
  const clauses = clausesOf(state);
  requireOperator(state, closing);
  const { previousEnd: end } = state.scanner;
  return { ...at, end, kind: "comprehension", type, element, value, clauses };
}

function clausesOf(state: ParseState): Comprehension["clauses"] {
  const clauses: { target: Expression; source: Expression; conditions: Expression[] }[] = [];
  let { height } = state;
  const note = (read: Expression): Expression => {
    height = Math.max(height, state.height);
    return read;
  };
  while (beginsComprehension(state)) {
    if (state.scanner.kind === "name") advance(state.scanner);
    requireKeyword(state, "for");
    const target = note(enclosed(state, state.grammar.targets));
    requireKeyword(state, "in");
    const source = note(enclosed(state, sourceOf));
    const conditions: Expression[] = [];
    while (skipKeyword(state, "if")) conditions.push(note(enclosed(state, conditionOf)));
    clauses.push({ target, source, conditions });
  }
  state.height = height;
  return clauses;
}

/** A lambda needs no brackets here, `if` and `else` do. */
function sourceOf(state: ParseState): Expression {
  return isKeyword(state, "lambda")
    ? state.grammar.expression(state)
    : state.grammar.disjunction(state);
}

/** `if (x := f())` may go without its brackets. */
function conditionOf(state: ParseState): Expression {
  const at = here(state);
  const value = sourceOf(state);
  if (value.kind !== "name" || !skipOperator(state, ":=")) return value;
  const inner = enclosed(state, state.grammar.disjunction);
  return { ...at, end: state.scanner.previousEnd, kind: "walrus", name: value.name, value: inner };
}

/** The arguments of a call or the bases of a class, from `(` to behind `)`. */
export function argumentList(state: ParseState): readonly Argument[] {
  const at = here(state);
  requireOperator(state, "(");
  const found: Argument[] = [];
  let height = 0;
  while (!skipOperator(state, ")")) {
    const one = argument(state, at);
    found.push(one);
    height = Math.max(height, state.height);
    // A generator that is the only argument has the brackets of the call for its own.
    if (one.value.kind === "comprehension" && one.value.start === at.start) break;
    if (!isOperator(state, ")")) requireOperator(state, ",");
  }
  state.height = height;
  return found;
}

function argument(state: ParseState, opening: Start): Argument {
  for (const spread of ["*", "**"] as const)
    if (skipOperator(state, spread))
      return { name: undefined, spread, value: enclosed(state, state.grammar.expression) };
  const value = enclosed(state, state.grammar.expression);
  if (value.kind === "name" && skipOperator(state, "="))
    return { name: value.name, spread: "", value: enclosed(state, state.grammar.expression) };
  if (!beginsComprehension(state)) return { name: undefined, spread: "", value };
  return {
    name: undefined,
    spread: "",
    value: comprehension(state, opening, "generator", ")", value),
  };
}

/** What stands in `[...]` behind a value, from `[` to behind `]`. */
export function subscripts(state: ParseState): {
  readonly items: readonly Expression[];
  readonly isTuple: boolean;
} {
  requireOperator(state, "[");
  const items: Expression[] = [];
  let height = 0;
  let isTuple = false;
  while (!isOperator(state, "]")) {
    items.push(isOperator(state, "*") ? starred(state) : enclosed(state, subscript));
    height = Math.max(height, state.height);
    if (isOperator(state, "]")) break;
    requireOperator(state, ",");
    isTuple = true;
  }
  if (items.length === 0) throw syntaxError(state);
  advance(state.scanner);
  state.height = height;
  return { items, isTuple };
}

function subscript(state: ParseState): Expression {
  const at = here(state);
  const bounds: (Expression | undefined)[] = [];
  let height = 0;
  const bound = (): Expression | undefined => {
    if (!beginsExpression(state)) return undefined;
    const read = enclosed(state, state.grammar.expression);
    height = Math.max(height, state.height);
    return read;
  };
  const lower = bound();
  if (!isOperator(state, ":")) {
    if (lower === undefined) throw syntaxError(state);
    return lower;
  }
  while (skipOperator(state, ":")) bounds.push(bound());
  state.height = height;
  const [upper, step] = bounds;
  const { previousEnd: end } = state.scanner;
  return { ...at, end, kind: "slice", lower, upper, hasStep: step !== undefined };
}

/** Goes past a bracket and all that it encloses. */
export function skipBrackets(state: ParseState): void {
  const { scanner } = state;
  const outer = scanner.brackets - 1;
  while (scanner.brackets > outer) {
    if (scanner.kind === "end") throw syntaxError(state);
    skipToken(state);
  }
  advance(scanner);
}
