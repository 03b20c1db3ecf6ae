import type { ScriptScope } from "./scopes.ts";
import {
  bareExpression,
  identifierOf,
  keyOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
  textOf,
} from "./syntax.ts";

/** What a file exports under one name; `MODULE` is all that CommonJS assigns. */
export type ScriptExport =
  | { readonly kind: "value"; readonly node: SyntaxNode; readonly scope: ScriptScope }
  /** `export { a as b } from "./c"`. */
  | { readonly kind: "from"; readonly specifier: string; readonly name: string };

/** The name of `module.exports = …`. */
export const MODULE = "module.exports";

/** Notes what a statement exports. */
export function addExport(
  exports: Map<string, ScriptExport>,
  node: SyntaxNode,
  scope: ScriptScope,
): void {
  if (node.type === "ExportNamedDeclaration") addNamed(exports, node, scope);
  else if (node.type === "AssignmentExpression") addCommon(exports, node, scope);
  else if (node.type === "ExportDefaultDeclaration")
    addValue(exports, "default", nodeOf(node, "declaration"), scope);
  else if (node.type === "TSExportAssignment")
    addValue(exports, MODULE, nodeOf(node, "expression"), scope);
}

function addValue(
  exports: Map<string, ScriptExport>,
  name: string | undefined,
  node: SyntaxNode | undefined,
  scope: ScriptScope,
): void {
  if (name !== undefined && node !== undefined) exports.set(name, { kind: "value", node, scope });
}

function addNamed(exports: Map<string, ScriptExport>, node: SyntaxNode, scope: ScriptScope): void {
  const source = nodeOf(node, "source");
  const specifier = source === undefined ? undefined : textOf(source, "value");
  for (const each of nodesOf(node, "specifiers")) {
    const local = nodeOf(each, "local");
    const exported = nodeOf(each, "exported");
    const name = identifierOf(exported) ?? (exported && textOf(exported, "value"));
    if (specifier === undefined) addValue(exports, name, local, scope);
    else if (name !== undefined)
      exports.set(name, { kind: "from", specifier, name: identifierOf(local) ?? "default" });
  }
  const declaration = nodeOf(node, "declaration");
  if (declaration === undefined) return;
  const named = [declaration, ...nodesOf(declaration, "declarations")];
  for (const id of named.flatMap((each) => namesIn(nodeOf(each, "id"))))
    addValue(exports, identifierOf(id), id, scope);
}

/** `export const { a, b: c } = …` as well. */
function namesIn(id: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (id === undefined) return [];
  if (id.type !== "ObjectPattern") return [id];
  return nodesOf(id, "properties").flatMap((each) => namesIn(nodeOf(each, "value")));
}

/** `module.exports = …`, `exports.a = …`, `module.exports.a = …`. */
function addCommon(exports: Map<string, ScriptExport>, node: SyntaxNode, scope: ScriptScope): void {
  const left = nodeOf(node, "left");
  const right = nodeOf(node, "right");
  if (left?.type !== "MemberExpression" || right === undefined) return;
  const object = nodeOf(left, "object");
  const key = keyOf(left, "property");
  if (object === undefined || key === undefined) return;
  // `module.exports = exports = {}`.
  const inner = bareExpression(right);
  const value = inner.type === "AssignmentExpression" ? (nodeOf(inner, "right") ?? inner) : inner;
  if (identifierOf(object) === "module" && key === "exports")
    exports.set(MODULE, { kind: "value", node: value, scope });
  else if (identifierOf(object) === "exports" || isModuleExports(object))
    exports.set(key, { kind: "value", node: value, scope });
}

function isModuleExports(node: SyntaxNode): boolean {
  return (
    node.type === "MemberExpression" &&
    identifierOf(node["object"]) === "module" &&
    keyOf(node, "property") === "exports"
  );
}
