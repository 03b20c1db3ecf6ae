import type { Expression, Place, Statement } from "../syntax.ts";
import { starred } from "./brackets.ts";
import { expression, expressionList } from "./expressions.ts";
import {
  attempt,
  beginsExpression,
  here,
  isKeyword,
  isOperator,
  type ParseState,
  requireKeyword,
  requireName,
  requireOperator,
  skipKeyword,
  skipOperator,
  syntaxError,
} from "./parse-state.ts";
import { advance } from "./scanner.ts";
import { skipToken } from "./string-literal.ts";

type Start = Omit<Place, "end">;
type Reader = (state: ParseState, at: Start) => readonly Statement[];

/** A statement of one line (language reference, chapter 7); stands behind it, before `;` or the line's end. */
export function simpleStatement(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  const at = here(state);
  if (scanner.kind === "keyword") {
    const read = Object.hasOwn(READERS, scanner.value) ? READERS[scanner.value] : undefined;
    if (read !== undefined) {
      advance(scanner);
      return read(state, at);
    }
  }
  if (scanner.kind === "name" && isBareCommand(state)) return ignored(state);
  return expressionStatement(state, at);
}

const READERS: Readonly<Record<string, Reader>> = {
  pass: () => [],
  assert: ignored,
  global: ignored,
  nonlocal: ignored,
  break: (state, at) => [{ ...at, end: state.scanner.previousEnd, kind: "jump", to: "break" }],
  continue: (state, at) => [
    { ...at, end: state.scanner.previousEnd, kind: "jump", to: "continue" },
  ],
  return: (state, at) => {
    const value = beginsExpression(state) ? expressionList(state) : undefined;
    return [{ ...at, end: state.scanner.previousEnd, kind: "return", value }];
  },
  raise: (state, at) => {
    const value = beginsExpression(state) ? expressionList(state) : undefined;
    if (skipKeyword(state, "from")) expression(state);
    return [{ ...at, end: state.scanner.previousEnd, kind: "raise", value }];
  },
  del: (state, at) => {
    const targets: Expression[] = [];
    do {
      if (beginsExpression(state)) targets.push(starred(state));
    } while (skipOperator(state, ","));
    return [{ ...at, end: state.scanner.previousEnd, kind: "delete", targets }];
  },
  import: (state, at) => {
    const names = importedNames(state, dottedPath);
    return [{ ...at, end: state.scanner.previousEnd, kind: "import", names }];
  },
  from: importFrom,
};

/** Goes past the statement, whose parts say nothing here. */
function ignored(state: ParseState): readonly Statement[] {
  const { scanner } = state;
  while (scanner.kind !== "newline" && !(scanner.brackets === 0 && isOperator(state, ";"))) {
    if (scanner.kind === "end") throw syntaxError(state);
    skipToken(state);
  }
  return [];
}

/** `print "x"` and `exec code` of Python 2, `type X = int` of Python 3.12: a name, and right behind it an operand. */
function isBareCommand(state: ParseState): boolean {
  const { scanner } = state;
  const { value: command } = scanner;
  if (command !== "print" && command !== "exec" && command !== "type") return false;
  let isBare = false;
  attempt(state, () => {
    advance(scanner);
    const { kind, value } = scanner;
    isBare =
      kind === "name" ||
      (command !== "type" && (kind === "string" || kind === "number" || value === ">>"));
    return undefined;
  });
  return isBare;
}

function expressionStatement(state: ParseState, at: Start): readonly Statement[] {
  const { scanner } = state;
  const first = expressionList(state);
  if (isOperator(state, ":")) return [annotated(state, first)];
  if (isOperator(state, "=")) return assignments(state, first);
  const operator = scanner.value;
  if (scanner.kind === "operator" && AUGMENTED.has(operator)) {
    advance(scanner);
    const value = expressionList(state);
    const { previousEnd: end } = scanner;
    return [{ ...at, end, kind: "augment", target: first, operator: operator.slice(0, -1), value }];
  }
  return [{ ...at, end: scanner.previousEnd, kind: "expression", value: first }];
}

const AUGMENTED: ReadonlySet<string> = new Set(
  "+= -= *= /= //= %= @= &= |= ^= >>= <<= **=".split(" "),
);

function annotated(state: ParseState, target: Expression): Statement {
  const { scanner } = state;
  advance(scanner);
  const { start } = scanner;
  expression(state);
  const annotation = scanner.text.slice(start, scanner.previousEnd);
  const value = skipOperator(state, "=") ? expressionList(state) : undefined;
  return { ...placeOf(target), kind: "assign", target, annotation, value };
}

/** `a = b = 1` becomes two assignments of the same expression, left to right as Python does. */
function assignments(state: ParseState, first: Expression): readonly Statement[] {
  const targets: Expression[] = [];
  let value = first;
  while (skipOperator(state, "=")) {
    targets.push(value);
    value = expressionList(state);
  }
  return targets.map((target) => ({
    ...placeOf(target),
    kind: "assign",
    target,
    annotation: undefined,
    value,
  }));
}

function placeOf({ line, column, start, end }: Place): Place {
  return { line, column, start, end };
}

interface ImportedName {
  readonly path: string;
  readonly alias: string | undefined;
}

function importedNames(
  state: ParseState,
  read: (state: ParseState) => string,
): readonly ImportedName[] {
  const names: ImportedName[] = [];
  do {
    const path = read(state);
    names.push({ path, alias: skipKeyword(state, "as") ? requireName(state) : undefined });
  } while (skipOperator(state, ",") && state.scanner.kind === "name");
  return names;
}

function dottedPath(state: ParseState): string {
  let path = requireName(state);
  while (skipOperator(state, ".")) path += `.${requireName(state)}`;
  return path;
}

function importFrom(state: ParseState, at: Start): readonly Statement[] {
  let level = 0;
  for (;;) {
    if (skipOperator(state, ".")) level += 1;
    else if (skipOperator(state, "...")) level += 3;
    else break;
  }
  const path = level > 0 && isKeyword(state, "import") ? "" : dottedPath(state);
  requireKeyword(state, "import");
  const isStar = skipOperator(state, "*");
  const isEnclosed = !isStar && skipOperator(state, "(");
  const names = isStar ? [] : importedNames(state, requireName);
  if (isEnclosed) requireOperator(state, ")");
  // What Python of another version would do is nothing that a program imports.
  if (path === "__future__") return [];
  const { previousEnd: end } = state.scanner;
  return [{ ...at, end, kind: "import-from", level, path, isStar, names }];
}
