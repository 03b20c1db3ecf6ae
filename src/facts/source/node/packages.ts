import { lookUp, type ScriptScope } from "../../../parsers/javascript/scopes.ts";
import { requiredPath } from "../../../parsers/javascript/script-calls.ts";
import {
  bareExpression,
  nodeOf,
  type SyntaxNode,
  textOf,
} from "../../../parsers/javascript/syntax.ts";
import type { ScriptProject } from "../../script-project.ts";

/** Names that stand for other names. */
const HOPS_MAX = 4;

/**
 * The module that an expression's first name comes from, as it is written: `helmet` for
 * `helmet.hsts`, `./limits` for what is imported from there. Nothing is evaluated and no further
 * file is parsed. `undefined` for names of the file's own.
 */
export function specifierOf(node: SyntaxNode, scope: ScriptScope, hops = 0): string | undefined {
  const root = leftmost(node);
  const required = root.type === "CallExpression" ? requiredPath(root) : undefined;
  if (required !== undefined) return required;
  const name = root.type === "Identifier" ? textOf(root, "name") : undefined;
  const found = name === undefined ? undefined : lookUp(scope, name);
  if (found === undefined || hops > HOPS_MAX) return undefined;
  const { binding, scope: home } = found;
  if (binding.kind === "import") return binding.specifier;
  if (binding.kind !== "variable") return undefined;
  const init = binding.init ?? binding.later[0]?.node;
  return init === undefined ? undefined : specifierOf(init, home, hops + 1);
}

/** Whether an expression's first name comes from a package, not from the project itself. */
export function isOfPackage(
  { resolve }: Pick<ScriptProject, "resolve">,
  node: SyntaxNode,
  scope: ScriptScope,
): boolean {
  const specifier = specifierOf(node, scope);
  return specifier !== undefined && resolve(scope.file, specifier) === undefined;
}

const INNER: Readonly<Record<string, string>> = {
  MemberExpression: "object",
  OptionalMemberExpression: "object",
  OptionalCallExpression: "callee",
  NewExpression: "callee",
  AwaitExpression: "argument",
};

function leftmost(node: SyntaxNode): SyntaxNode {
  let at = bareExpression(node);
  for (;;) {
    const isRequire = at.type === "CallExpression" && requiredPath(at) !== undefined;
    const key = at.type === "CallExpression" ? "callee" : INNER[at.type];
    const inner = key === undefined || isRequire ? undefined : nodeOf(at, key);
    if (inner === undefined) return at;
    at = bareExpression(inner);
  }
}
