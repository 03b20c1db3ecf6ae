import { EXPRESSIONS } from "./grammar/expressions.ts";
import { type ParseState, PythonTooLargeError } from "./grammar/parse-state.ts";
import { openScanner } from "./grammar/scanner.ts";
import { block, moduleBody } from "./grammar/statements.ts";
import type { Module } from "./syntax.ts";

/** UTF-16 units; longer files are not settings. */
export const SOURCE_LENGTH_MAX = 1_048_576;

const GRAMMAR = { ...EXPRESSIONS, block };

export type ParsedModule =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly message: string };

/**
 * Parses one Python file: Python 3.14's grammar, and what Python 2 has beside it (`print "x"`, `except A, b`, `<>`).
 * A file with syntax errors is still returned, with `errors`: its readable parts.
 */
export function parsePython(text: string): ParsedModule {
  if (text.length > SOURCE_LENGTH_MAX)
    return { ok: false, message: `longer than ${SOURCE_LENGTH_MAX} characters` };
  // Python ends a line at a lone CR too (universal newlines).
  const source = text.replace(/^\uFEFF/, "").replace(/\r(?!\n)/g, "\n");
  const state: ParseState = {
    scanner: openScanner(source),
    grammar: GRAMMAR,
    nesting: 0,
    nodes: 0,
    height: 0,
    errors: [],
    recoveries: 0,
  };
  try {
    const body = moduleBody(state);
    const { misplaced } = state.scanner;
    return {
      ok: true,
      module: {
        source,
        body,
        errors: misplaced === undefined ? state.errors : [...state.errors, misplaced],
      },
    };
  } catch (problem) {
    if (!(problem instanceof PythonTooLargeError)) throw problem;
    return { ok: false, message: "nested too deeply or too large to read" };
  }
}
