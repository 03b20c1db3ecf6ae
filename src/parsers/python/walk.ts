import type { Expression, Module, Statement } from "./syntax.ts";

/** Every statement of a body and of the bodies in it, in order. */
export function* statementsIn(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    for (const inner of bodiesOf(statement)) yield* statementsIn(inner);
  }
}

/** The bodies that stand in a statement, in order. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case "try":
      return [
        statement.body,
        ...statement.handlers.map(({ body }) => body),
        statement.otherwise,
        statement.finally,
      ];
    case "maybe":
      return statement.bodies;
    case "with":
    case "for":
    case "function":
    case "class":
      return [statement.body];
    default:
      return [];
  }
}

/** Every expression of a module, however deep, in no particular order. */
export function* expressionsIn({ body }: Pick<Module, "body">): Generator<Expression> {
  const pending: unknown[] = [...body];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) continue;
    if (isExpression(next)) yield next;
    for (const child of Object.values(next)) if (typeof child === "object") pending.push(child);
  }
}

const STATEMENT_KINDS: ReadonlySet<string> = new Set(
  "assign augment expression import import-from if try with for maybe function class return raise jump delete nothing".split(
    " ",
  ),
);

function isExpression(node: object): node is Expression {
  return (
    "kind" in node &&
    typeof node.kind === "string" &&
    "start" in node &&
    !STATEMENT_KINDS.has(node.kind)
  );
}

/** Modules a file imports, anywhere in it: for loading them before it is run. */
export function importsOf({
  body,
}: Pick<Module, "body">): readonly { readonly level: number; readonly path: string }[] {
  const found: { level: number; path: string }[] = [];
  for (const statement of statementsIn(body)) {
    if (statement.kind === "import")
      found.push(...statement.names.map(({ path }) => ({ level: 0, path })));
    if (statement.kind !== "import-from") continue;
    const { level, path } = statement;
    found.push({ level, path });
    for (const name of statement.names)
      found.push({ level, path: path === "" ? name.path : `${path}.${name.path}` });
  }
  return found;
}
