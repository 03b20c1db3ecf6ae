import type { Expression, Place, Statement, Try } from "../syntax.ts";
import { starred } from "./brackets.ts";
import { expression, expressionList } from "./expressions.ts";
import {
  attempt,
  enclosed,
  here,
  isKeyword,
  isOperator,
  type ParseState,
  requireKeyword,
  requireOperator,
  skipKeyword,
  skipOperator,
  standsOn,
  syntaxError,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";
import { skipToken } from "./string-literal.ts";

type Start = Omit<Place, "end">;
type Body = readonly Statement[];

/** Statements that hold blocks (language reference, chapter 8), by the word they begin with, which is passed. */
export const COMPOUND: Readonly<
  Record<string, (state: ParseState, at: Start) => readonly Statement[]>
> = {
  if: ifStatement,
  while: (state, at) => {
    expression(state);
    const bodies = [state.grammar.block(state)];
    if (skipKeyword(state, "else")) bodies.push(state.grammar.block(state));
    return [{ ...at, end: state.scanner.previousEnd, kind: "maybe", what: "while", bodies }];
  },
  for: forStatement,
  try: tryStatement,
  with: withStatement,
};

function ifStatement(state: ParseState, at: Start): readonly Statement[] {
  const branches: { test: Expression; body: Body }[] = [];
  do {
    const test = expression(state);
    branches.push({ test, body: state.grammar.block(state) });
  } while (skipKeyword(state, "elif"));
  const otherwise = skipKeyword(state, "else") ? state.grammar.block(state) : [];
  return [{ ...at, end: state.scanner.previousEnd, kind: "if", branches, otherwise }];
}

/** The `else` of a loop runs when no `break` was met: that is not known. */
function forStatement(state: ParseState, at: Start): readonly Statement[] {
  const target = state.grammar.targets(state);
  requireKeyword(state, "in");
  const source = expressionList(state);
  const body = state.grammar.block(state);
  const { previousEnd: end } = state.scanner;
  const loop: Statement = { ...at, end, kind: "for", target, source, body };
  if (!isKeyword(state, "else")) return [loop];
  const last = here(state);
  advance(state.scanner);
  const bodies = [state.grammar.block(state)];
  return [
    loop,
    { ...last, end: state.scanner.previousEnd, kind: "maybe", what: "else of a loop", bodies },
  ];
}

function tryStatement(state: ParseState, at: Start): readonly Statement[] {
  const { block } = state.grammar;
  const body = block(state);
  const handlers: Try["handlers"][number][] = [];
  while (skipKeyword(state, "except")) {
    const exceptions = caught(state);
    handlers.push({ exceptions, body: block(state) });
  }
  const otherwise = skipKeyword(state, "else") ? block(state) : [];
  const last = skipKeyword(state, "finally") ? block(state) : [];
  const { previousEnd: end } = state.scanner;
  return [{ ...at, end, kind: "try", body, handlers, otherwise, finally: last }];
}

/** What `except` names. `except A, b` binds `b` in Python 2, `except A, B` catches both in 3.14 (PEP 758). */
function caught(state: ParseState): readonly string[] {
  const { scanner } = state;
  skipOperator(state, "*");
  if (isOperator(state, ":")) return [];
  const first = expression(state);
  const found = first.kind === "sequence" ? [...first.items] : [first];
  while (skipOperator(state, ",")) {
    const next = expression(state);
    if (next.kind !== "name" || /^[A-Z]/.test(next.name)) found.push(next);
  }
  if (skipKeyword(state, "as")) expression(state);
  return found.map(({ start, end }) => scanner.text.slice(start, end));
}

interface WithItem {
  readonly value: Expression;
  readonly target: Expression | undefined;
}

function withStatement(state: ParseState, at: Start): readonly Statement[] {
  const items =
    (isOperator(state, "(") ? attempt(state, () => enclosedItems(state)) : undefined) ??
    withItems(state);
  const body = state.grammar.block(state);
  return [{ ...at, end: state.scanner.previousEnd, kind: "with", items, body }];
}

/** `with (open(a) as b, c):`; the brackets of `with (a).b:` are another's. */
function enclosedItems(state: ParseState): readonly WithItem[] | undefined {
  requireOperator(state, "(");
  const items = withItems(state);
  requireOperator(state, ")");
  return isOperator(state, ":") ? items : undefined;
}

function withItems(state: ParseState): readonly WithItem[] {
  const items: WithItem[] = [];
  do {
    if (isOperator(state, ")")) break;
    const value = expression(state);
    items.push({ value, target: skipKeyword(state, "as") ? withTarget(state) : undefined });
  } while (skipOperator(state, ","));
  return items;
}

function withTarget(state: ParseState): Expression {
  return enclosed(state, starred);
}

/** `match` is a name but where a subject, a colon and cases follow it; `undefined` then. */
export function matchStatement(state: ParseState, at: Start): readonly Statement[] | undefined {
  const { scanner } = state;
  const isMatch = attempt(state, () => {
    advance(scanner);
    if (scanner.kind === "operator" && !/^[([{*~-]$/.test(scanner.value)) return undefined;
    expressionList(state);
    if (!skipOperator(state, ":") || scanner.kind !== "newline") return undefined;
    advance(scanner);
    if (!standsOn(state, "indent")) return undefined;
    advance(scanner);
    return isCase(state) ? true : undefined;
  });
  if (isMatch === undefined) return undefined;
  const bodies: Body[] = [];
  while (isCase(state)) {
    skipPattern(state);
    bodies.push(state.grammar.block(state));
  }
  const { previousEnd: end } = scanner;
  if (scanner.kind !== "dedent") throw syntaxError(state);
  advance(scanner);
  return [{ ...at, end, kind: "maybe", what: "match", bodies }];
}

function isCase({ scanner }: ParseState): boolean {
  return scanner.kind === "name" && scanner.value === "case";
}

/** Goes from `case` to the colon that ends its pattern and guard. */
function skipPattern(state: ParseState): void {
  const { scanner } = state;
  while (!(isOperator(state, ":") && scanner.brackets === 0)) {
    if (scanner.kind === "newline" || scanner.kind === "end") throw syntaxError(state);
    skipToken(state);
  }
}
