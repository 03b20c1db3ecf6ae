import { lookUp, type ScriptBinding, type ScriptSite } from "./scopes.ts";
import { bareExpression, identifierOf, keyOf, nodeOf, nodesOf, type SyntaxNode } from "./syntax.ts";

/** Hands `x = …`, `x.y = …` and `x.push(…)` to the name that they change. */
export function noteChange(site: ScriptSite): void {
  const isCall = site.node.type !== "AssignmentExpression";
  const target = nodeOf(site.node, isCall ? "callee" : "left");
  const way = target === undefined ? undefined : wayTo(target);
  if (way === undefined) return;
  const found = lookUp(site.scope, way.root)?.binding;
  if (found?.kind !== "variable" && found?.kind !== "parameter") return;
  if (isCall) notePush(site, found, way.path);
  else noteAssignment(site, found, way.path);
}

type Named = ScriptBinding & { readonly kind: "variable" | "parameter" };

function noteAssignment(site: ScriptSite, named: Named, path: readonly string[]): void {
  const { node, scope, conditions } = site;
  const right = nodeOf(node, "right");
  if (right === undefined) return;
  if (path.length === 0) named.later.push({ node: right, scope });
  else named.changes.push({ kind: "assign", node, path, values: [right], scope, conditions });
}

function notePush(site: ScriptSite, named: Named, path: readonly string[]): void {
  const { node, scope, conditions } = site;
  if (path.at(-1) !== "push" || node.type === "NewExpression") return;
  const values = nodesOf(node, "arguments");
  named.changes.push({ kind: "push", node, path: path.slice(0, -1), values, scope, conditions });
}

function wayTo(target: SyntaxNode): { root: string; path: readonly string[] } | undefined {
  const path: string[] = [];
  let at = bareExpression(target);
  while (/^(?:Optional)?MemberExpression$/.test(at.type)) {
    const key = keyOf(at, "property");
    const object = nodeOf(at, "object");
    if (key === undefined || object === undefined) return undefined;
    path.unshift(key);
    at = bareExpression(object);
  }
  const root = identifierOf(at);
  return root === undefined ? undefined : { root, path };
}
