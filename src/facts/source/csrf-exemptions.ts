import type { Expression, Statement } from "../../parsers/python/syntax.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";

/**
 * Prefixes of paths that a middleware lets through by an `if` of its own: `if request.url.path.startswith("/health"):
 * return await call_next(request)`. What a further condition narrows (`and`) or turns round (`not`) is none.
 */
export function writtenPrefixes(bodies: readonly (readonly Statement[])[]): readonly string[] {
  const branches = bodies.flatMap((body) =>
    [...statementsIn(body)].flatMap((statement) =>
      statement.kind === "if" ? statement.branches : [],
    ),
  );
  const found = branches
    .filter(({ body }) => letsThrough(body))
    .flatMap(({ test }) => alternatives(test).flatMap(prefixesOf));
  return [...new Set(found)];
}

/** Hands the request on, or leaves without a word (Flask's `before_request`). */
function letsThrough(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  if (last?.kind !== "return") return false;
  if (last.value === undefined) return true;
  return [...expressionsIn({ body: [last] })].some(
    (expression) =>
      expression.kind === "call" &&
      (expression.callee.kind === "name" || expression.callee.kind === "attribute") &&
      /^(?:call_next|get_response|app|next)$/.test(expression.callee.name),
  );
}

function alternatives(test: Expression): readonly Expression[] {
  return test.kind === "logical" && test.operator === "or"
    ? [...alternatives(test.left), ...alternatives(test.right)]
    : [test];
}

/** `path.startswith("/a")`, `path.startswith(("/a", "/b"))`. */
function prefixesOf(test: Expression): readonly string[] {
  if (test.kind !== "call" || test.callee.kind !== "attribute") return [];
  if (test.callee.name !== "startswith" || !isPath(test.callee.object)) return [];
  const [first] = test.arguments;
  const value = first?.value;
  const items = value?.kind === "sequence" ? value.items : value === undefined ? [] : [value];
  return items.flatMap((item) =>
    item.kind === "text" && item.text.startsWith("/") ? [item.text] : [],
  );
}

/** `request.url.path`, `request.path`, `scope["path"]`, `path`. */
function isPath(expression: Expression): boolean {
  if (expression.kind === "subscript") return isPath(expression.index);
  if (expression.kind === "text") return expression.text === "path";
  const isNamed = expression.kind === "attribute" || expression.kind === "name";
  return isNamed && /^(?:\w*path|path_info)$/.test(expression.name);
}
