import type { Expression, Module, Statement } from "./syntax.ts";

/** Files of one `include` that a pattern may name. */
export const INCLUDED_FILES_MAX = 40;

/**
 * django-split-settings: `include("base.py", optional("local.py"))` runs each file as a part of the module. Each is
 * put as `from .FILE import *`, whose path then ends in `.py`. `files`: those a pattern names, relative to the module.
 */
export function withIncludes(
  module: Module,
  files: (pattern: string) => readonly string[],
): Module {
  if (!module.source.includes("split_settings")) return module;
  const body = module.body.flatMap((statement) => includedBy(statement, files) ?? [statement]);
  return { ...module, body };
}

function includedBy(
  statement: Statement,
  files: (pattern: string) => readonly string[],
): readonly Statement[] | undefined {
  const given =
    statement.kind === "expression" ? argumentsOf(statement.value, "include") : undefined;
  return given?.flatMap((argument) => partsOf(statement, argument, files));
}

function partsOf(
  statement: Statement,
  argument: Expression,
  files: (pattern: string) => readonly string[],
): readonly Statement[] {
  const optional = argumentsOf(argument, "optional");
  const [written = argument] = optional ?? [];
  if (written.kind !== "text") return [wholeOf("a computed name.py", argument)];
  const found = files(written.text).slice(0, INCLUDED_FILES_MAX);
  if (found.length > 0) return found.map((path) => wholeOf(path, argument));
  // The server may have files that a pattern names: the call is left as it is.
  if (written.text.includes("*")) return [statement];
  return optional === undefined ? [wholeOf(written.text, argument)] : [];
}

/** Positional arguments of a call of this name, those of `*[...]` and `*(...)` one by one. */
function argumentsOf(expression: Expression, name: string): readonly Expression[] | undefined {
  if (expression.kind !== "call") return undefined;
  const { callee } = expression;
  const isNamed = (callee.kind === "name" || callee.kind === "attribute") && callee.name === name;
  if (!isNamed) return undefined;
  return expression.arguments
    .filter((argument) => argument.name === undefined)
    .flatMap(({ spread, value }) =>
      spread === "*" && value.kind === "sequence" ? value.items : [value],
    );
}

function wholeOf(path: string, { line, column, start, end }: Expression): Statement {
  return { kind: "import-from", level: 1, path, isStar: true, names: [], line, column, start, end };
}

/** Whether a star import stands for a file that is run as a part of the module. */
export function isIncluded({
  level,
  path,
}: {
  readonly level: number;
  readonly path: string;
}): boolean {
  return level === 1 && path.endsWith(".py");
}
