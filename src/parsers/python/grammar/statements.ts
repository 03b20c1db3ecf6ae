import type { Expression, Place, Statement } from "../syntax.ts";
import { argumentList, skipBrackets } from "./brackets.ts";
import { COMPOUND, matchStatement } from "./compound-statements.ts";
import { expression } from "./expressions.ts";
import { parametersUntil } from "./parameters.ts";
import {
  attempt,
  enclosed,
  here,
  isKeyword,
  isOperator,
  noteError,
  type ParseState,
  PythonSyntaxError,
  requireName,
  requireOperator,
  skipOperator,
  standsOn,
  syntaxError,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";
import { simpleStatement } from "./simple-statements.ts";

type Start = Omit<Place, "end">;

/** Lines that are no Python and are stepped over; past that many the rest of the file is not read. */
const RECOVERIES_MAX = 100;

/** All statements up to the end of the text. What is no Python is noted and stepped over. */
export function moduleBody(state: ParseState): readonly Statement[] {
  const found: Statement[] = [];
  const { scanner } = state;
  while (scanner.kind !== "end") {
    // A block that ends more often than it began: after a line that was stepped over.
    if (scanner.kind === "dedent") advance(scanner);
    else found.push(...statement(state));
  }
  return found;
}

/** `:` and what it introduces: the rest of the line, or an indented block. */
export function block(state: ParseState): readonly Statement[] {
  requireOperator(state, ":");
  const { scanner } = state;
  if (scanner.kind !== "newline") return simpleLine(state);
  advance(scanner);
  if (!standsOn(state, "indent")) {
    noteError(state, scanner);
    return [];
  }
  advance(scanner);
  return enclosed(state, indented);
}

function indented(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const found: Statement[] = [];
  while (scanner.kind !== "dedent" && scanner.kind !== "end") found.push(...statement(state));
  if (scanner.kind === "dedent") advance(scanner);
  return found;
}

function statement(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const { line, start } = scanner;
  const { nesting } = state;
  try {
    return anyStatement(state);
  } catch (problem) {
    if (!(problem instanceof PythonSyntaxError)) throw problem;
    state.nesting = nesting;
    stepOver(state, line, start);
    return [];
  }
}

/** Goes on with the line after the one in which the statement began, at the block it stood in. */
function stepOver(state: ParseState, line: number, start: number): void {
  const { scanner } = state;
  state.recoveries += 1;
  const end = scanner.text.indexOf("\n", start);
  const isLast = end === -1 || state.recoveries > RECOVERIES_MAX;
  scanner.offset = isLast ? scanner.text.length : end + 1;
  scanner.offsetLine = line + 1;
  scanner.lineStart = scanner.offset;
  scanner.brackets = 0;
  scanner.dedents = 0;
  scanner.isLineStart = true;
  scanner.kind = "newline";
  advance(scanner);
}

function anyStatement(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const { kind, value } = scanner;
  if (kind === "newline") {
    advance(scanner);
    return [];
  }
  if (kind === "operator" && value === "@") return decorated(state);
  const at = here(state);
  if (kind === "indent") return misplacedBlock(state, at);
  const read = kind === "keyword" ? wordStatement : kind === "name" ? softStatement : undefined;
  return read?.(state, at) ?? simpleLine(state);
}

function wordStatement(state: ParseState, at: Start): readonly Statement[] | undefined {
  const { scanner } = state;
  const { value } = scanner;
  if (value === "def" || value === "class") return [definition(state, at, [])];
  if (!Object.hasOwn(COMPOUND, value)) return undefined;
  advance(scanner);
  return COMPOUND[value]?.(state, at);
}

/** A block that nothing introduces: Python refuses the file; what stands in it may run or not. */
function misplacedBlock(state: ParseState, at: Start): readonly Statement[] {
  noteError(state, at);
  advance(state.scanner);
  const bodies = [enclosed(state, indented)];
  const { previousEnd: end } = state.scanner;
  return [{ ...at, end, kind: "maybe", what: "a misplaced block", bodies }];
}

/** `match` and `async` are names wherever they introduce nothing. */
function softStatement(state: ParseState, at: Start): readonly Statement[] | undefined {
  const { scanner } = state;
  if (scanner.value === "match") return matchStatement(state, at);
  if (scanner.value !== "async") return undefined;
  const word = attempt(state, () => {
    advance(scanner);
    return scanner.kind === "keyword" ? scanner.value : undefined;
  });
  if (word === "def") return [definition(state, at, [])];
  if (word !== "for" && word !== "with") return undefined;
  advance(scanner);
  return COMPOUND[word]?.(state, at);
}

/** Simple statements with `;` between them, to behind the end of the line. */
function simpleLine(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const found: Statement[] = [];
  do {
    if (isLineEnd(state)) break;
    found.push(...simpleStatement(state));
  } while (skipOperator(state, ";"));
  if (!isLineEnd(state)) throw syntaxError(state);
  if (scanner.kind === "newline") advance(scanner);
  return found;
}

function isLineEnd({ scanner }: ParseState): boolean {
  return scanner.kind === "newline" || (scanner.kind === "end" && scanner.brackets === 0);
}

function decorated(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const decorators: Expression[] = [];
  while (skipOperator(state, "@")) {
    decorators.push(expression(state));
    if (scanner.kind !== "newline") throw syntaxError(state);
    advance(scanner);
  }
  const at = here(state);
  if (scanner.kind === "name" && scanner.value === "async") advance(scanner);
  return [definition(state, at, decorators)];
}

function definition(state: ParseState, at: Start, decorators: readonly Expression[]): Statement {
  const { scanner } = state;
  const isClass = isKeyword(state, "class");
  if (!isClass && !isKeyword(state, "def")) throw syntaxError(state);
  advance(scanner);
  const name = requireName(state);
  // Parameters of types (PEP 695).
  if (isOperator(state, "[")) skipBrackets(state);
  return isClass
    ? classDefinition(state, at, name, decorators)
    : functionDefinition(state, at, name, decorators);
}

function functionDefinition(
  state: ParseState,
  at: Start,
  name: string,
  decorators: readonly Expression[],
): Statement {
  requireOperator(state, "(");
  const parameters = parametersUntil(state, ")", true);
  if (skipOperator(state, "->")) expression(state);
  const body = block(state);
  const { previousEnd: end } = state.scanner;
  return { ...at, end, kind: "function", name, parameters, decorators, body };
}

function classDefinition(
  state: ParseState,
  at: Start,
  name: string,
  decorators: readonly Expression[],
): Statement {
  const bases = isOperator(state, "(") ? argumentList(state) : [];
  const body = block(state);
  return {
    ...at,
    end: state.scanner.previousEnd,
    kind: "class",
    name,
    bases: bases.flatMap((base) => (base.name === undefined ? [base.value] : [])),
    decorators,
    body,
  };
}
