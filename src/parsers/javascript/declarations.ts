import type { PathStep, ScriptBinding, ScriptScope } from "./scopes.ts";
import { identifierOf, keyOf, nodeOf, nodesOf, type SyntaxNode, textOf } from "./syntax.ts";

const PATTERN_DEPTH_MAX = 8;

interface Bound {
  readonly name: SyntaxNode;
  readonly path: readonly PathStep[];
}

/** Every name that a pattern binds, with the way to its value. */
function boundNames(pattern: SyntaxNode, path: readonly PathStep[]): readonly Bound[] {
  if (path.length > PATTERN_DEPTH_MAX) return [];
  switch (pattern.type) {
    case "Identifier":
      return [{ name: pattern, path }];
    case "AssignmentPattern": {
      const left = nodeOf(pattern, "left");
      const last = path.at(-1);
      if (left === undefined) return [];
      const fallback = nodeOf(pattern, "right");
      // A default without a key on the way to it: `(options = {}) =>`.
      const step = { key: last?.key ?? "", fallback };
      return boundNames(left, [...path.slice(0, -1), step]);
    }
    case "ObjectPattern":
      return nodesOf(pattern, "properties").flatMap((property) => {
        if (property.type !== "ObjectProperty") return [];
        const key = keyOf(property, "key");
        const value = nodeOf(property, "value");
        if (key === undefined || value === undefined) return [];
        return boundNames(value, [...path, { key, fallback: undefined }]);
      });
    case "ArrayPattern": {
      const elements = pattern["elements"];
      if (!Array.isArray(elements)) return [];
      const held = nodesOf(pattern, "elements");
      return held.flatMap((element) =>
        boundNames(element, [
          ...path,
          { key: String(elements.indexOf(element)), fallback: undefined },
        ]),
      );
    }
    case "TSParameterProperty": {
      const parameter = nodeOf(pattern, "parameter");
      return parameter === undefined ? [] : boundNames(parameter, path);
    }
    default:
      return [];
  }
}

export function declareVariable(scope: ScriptScope, declarator: SyntaxNode): void {
  const id = nodeOf(declarator, "id");
  if (id === undefined) return;
  const init = nodeOf(declarator, "init");
  for (const { name, path } of boundNames(id, []))
    bind(scope, name, { kind: "variable", name, init, path, later: [], changes: [] });
}

export function declareParameters(scope: ScriptScope, callee: SyntaxNode): void {
  nodesOf(callee, "params").forEach((parameter, index) => {
    for (const { name, path } of boundNames(parameter, []))
      bind(scope, name, { kind: "parameter", name, index, path, later: [], changes: [] });
  });
}

export function declareImport(scope: ScriptScope, statement: SyntaxNode): void {
  const source = nodeOf(statement, "source");
  const specifier = source === undefined ? undefined : textOf(source, "value");
  if (specifier === undefined) return;
  for (const each of nodesOf(statement, "specifiers")) {
    const imported = nodeOf(each, "imported");
    const name =
      each.type === "ImportNamespaceSpecifier"
        ? "*"
        : imported === undefined
          ? "default"
          : (identifierOf(imported) ?? textOf(imported, "value") ?? "default");
    const local = nodeOf(each, "local");
    if (local !== undefined) bind(scope, local, { kind: "import", specifier, name });
  }
}

/** `import express = require("express")`. */
export function declareImportEquals(scope: ScriptScope, statement: SyntaxNode): void {
  const reference = nodeOf(statement, "moduleReference");
  const expression = reference === undefined ? undefined : nodeOf(reference, "expression");
  const specifier = expression === undefined ? undefined : textOf(expression, "value");
  const id = nodeOf(statement, "id");
  if (specifier !== undefined && id !== undefined)
    bind(scope, id, { kind: "import", specifier, name: "default" });
}

export function declareNamed(scope: ScriptScope, node: SyntaxNode): void {
  const id = nodeOf(node, "id");
  const kind = node.type.startsWith("Class") ? "class" : "function";
  if (id !== undefined) bind(scope, id, { kind, node });
}

function bind(scope: ScriptScope, name: SyntaxNode, binding: ScriptBinding): void {
  const text = identifierOf(name);
  if (text !== undefined && !scope.bindings.has(text)) scope.bindings.set(text, binding);
}
