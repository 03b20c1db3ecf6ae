import type { Expression, Place, Statement } from "../syntax.ts";
import { advance, restore, save } from "./scanner.ts";
import type { Scanner, TokenKind } from "./scanner-state.ts";

/** Brackets, operands and blocks in each other: deeper than any program a person writes, and shallow enough for recursion. */
export const NESTING_MAX = 200;
export const NODES_MAX = 400_000;
const ERRORS_MAX = 5;

/** Where the reader of one file stands. */
export interface ParseState {
  readonly scanner: Scanner;
  readonly grammar: Grammar;
  nesting: number;
  nodes: number;
  /** How many links of a chain lie in each other in the expression read last. */
  height: number;
  readonly errors: { readonly line: number; readonly column: number }[];
  recoveries: number;
}

/** What brackets and strings hold: given to their readers, since expressions are made of them in turn. */
export interface Grammar {
  /** One expression, without a comma outside of brackets. */
  readonly expression: (state: ParseState) => Expression;
  /** An expression without `if ... else` and lambda (`or_test` of Python 2, `disjunction` of Python 3). */
  readonly disjunction: (state: ParseState) => Expression;
  /** What stands between `for` and `in`. */
  readonly targets: (state: ParseState) => Expression;
  /** What an f-string's field holds: it has no `:=`. */
  readonly fieldValue: (state: ParseState) => Expression;
  /** `:` and what it introduces: the rest of the line, or an indented block. */
  readonly block: (state: ParseState) => readonly Statement[];
}

/** The text is not Python here. */
export class PythonSyntaxError extends Error {
  override readonly name = "PythonSyntaxError";
}

/** A bound of the reader is passed: the file is refused. */
export class PythonTooLargeError extends Error {
  override readonly name = "PythonTooLargeError";
}

/** Notes the place of the current token and returns what is to be thrown. */
export function syntaxError(state: ParseState): PythonSyntaxError {
  noteError(state, state.scanner);
  return new PythonSyntaxError();
}

export function noteError(
  { errors }: ParseState,
  { line, column }: Pick<Place, "line" | "column">,
): void {
  if (errors.length < ERRORS_MAX) errors.push({ line, column });
}

/** The place of the current token, to which a node adds its `end`. */
export function here(state: ParseState): Omit<Place, "end"> {
  state.nodes += 1;
  if (state.nodes > NODES_MAX) throw new PythonTooLargeError();
  const { line, column, start } = state.scanner;
  return { line, column, start };
}

/** Runs a reader one level deeper. Throws `PythonTooLargeError` past `NESTING_MAX`. */
export function enclosed<T>(state: ParseState, read: (state: ParseState) => T): T {
  state.nesting += 1;
  if (state.nesting > NESTING_MAX) throw new PythonTooLargeError();
  const result = read(state);
  state.nesting -= 1;
  return result;
}

export function isOperator({ scanner }: ParseState, value: string): boolean {
  return scanner.kind === "operator" && scanner.value === value;
}

export function isKeyword({ scanner }: ParseState, value: string): boolean {
  return scanner.kind === "keyword" && scanner.value === value;
}

/** For a scanner that has moved on, which the compiler does not see. */
export function standsOn({ scanner }: ParseState, kind: TokenKind): boolean {
  return scanner.kind === kind;
}

/** Goes past the operator if it stands here. */
export function skipOperator(state: ParseState, value: string): boolean {
  if (!isOperator(state, value)) return false;
  advance(state.scanner);
  return true;
}

export function skipKeyword(state: ParseState, value: string): boolean {
  if (!isKeyword(state, value)) return false;
  advance(state.scanner);
  return true;
}

export function requireOperator(state: ParseState, value: string): void {
  if (!skipOperator(state, value)) throw syntaxError(state);
}

export function requireKeyword(state: ParseState, value: string): void {
  if (!skipKeyword(state, value)) throw syntaxError(state);
}

/** The name that stands here, which is passed. */
export function requireName(state: ParseState): string {
  const { scanner } = state;
  if (scanner.kind !== "name") throw syntaxError(state);
  const { value } = scanner;
  advance(scanner);
  return value;
}

const OPERANDS: ReadonlySet<string> = new Set(
  "( [ { + - ~ * ... ** lambda not None True False yield".split(" "),
);

/** Whether an expression can begin with the current token. */
export function beginsExpression({ scanner: { kind, value } }: ParseState): boolean {
  if (kind === "name" || kind === "number" || kind === "string") return true;
  return (kind === "operator" || kind === "keyword") && OPERANDS.has(value);
}

/** Whether what `read` finds stands here; goes back when it does not. */
export function attempt<T>(state: ParseState, read: () => T | undefined): T | undefined {
  const saved = save(state.scanner);
  const { nesting } = state;
  const errors = state.errors.length;
  try {
    const found = read();
    if (found !== undefined) return found;
  } catch (problem) {
    if (!(problem instanceof PythonSyntaxError)) throw problem;
  }
  restore(state.scanner, saved);
  state.nesting = nesting;
  state.errors.length = errors;
  return undefined;
}
