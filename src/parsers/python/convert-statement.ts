import { argumentsOf, expressionOf, placeOf, textOf } from "./convert-expression.ts";
import { parametersOf } from "./convert-parameters.ts";
import { childOf, childrenOf, isOfKind, namedChildren, type RawNode } from "./raw-tree.ts";
import type { Expression, Statement, Try } from "./syntax.ts";

type Converter = (node: RawNode, source: string) => readonly Statement[];

/** The statements of a module or block. */
export function blockOf(node: RawNode | undefined, source: string): readonly Statement[] {
  return node === undefined
    ? []
    : namedChildren(node).flatMap((child) => statementOf(child, source));
}

function statementOf(node: RawNode, source: string): readonly Statement[] {
  const convert = Object.hasOwn(CONVERTERS, node.kind) ? CONVERTERS[node.kind] : undefined;
  return convert?.(node, source) ?? [];
}

const CONVERTERS: Readonly<Record<string, Converter>> = {
  expression_statement: (node, source) =>
    namedChildren(node).flatMap((inner) => expressionStatement(inner, source)),
  import_statement: (node, source) => [
    { ...placeOf(node), kind: "import", names: importedNames(node, source) },
  ],
  import_from_statement: importFrom,
  if_statement: ifStatement,
  try_statement: tryStatement,
  with_statement: withStatement,
  for_statement: (node, source) => [
    {
      ...placeOf(node),
      kind: "for",
      target: expressionOf(childOf(node, "left"), source),
      source: expressionOf(childOf(node, "right"), source),
      body: blockOf(childOf(node, "body"), source),
    },
  ],
  while_statement: (node, source) => [
    { ...placeOf(node), kind: "maybe", what: "while", bodies: [bodyOf(node, source)] },
  ],
  match_statement: (node, source) => [
    {
      ...placeOf(node),
      kind: "maybe",
      what: "match",
      bodies: namedChildren(childOf(node, "body") ?? node)
        .filter(isOfKind("case_clause"))
        .map((clause) => blockOf(childOf(clause, "consequence"), source)),
    },
  ],
  function_definition: (node, source) => [functionDefinition(node, source, [])],
  class_definition: (node, source) => [classDefinition(node, source, [])],
  decorated_definition: decorated,
  return_statement: (node, source) => [
    { ...placeOf(node), kind: "return", value: optional(namedChildren(node)[0], source) },
  ],
  raise_statement: (node, source) => [
    { ...placeOf(node), kind: "raise", value: optional(namedChildren(node)[0], source) },
  ],
  break_statement: (node) => [{ ...placeOf(node), kind: "jump", to: "break" }],
  continue_statement: (node) => [{ ...placeOf(node), kind: "jump", to: "continue" }],
  delete_statement: (node, source) => [
    {
      ...placeOf(node),
      kind: "delete",
      targets: namedChildren(node).map((target) => expressionOf(target, source)),
    },
  ],
};

function optional(node: RawNode | undefined, source: string): Expression | undefined {
  return node === undefined ? undefined : expressionOf(node, source);
}

function bodyOf(node: RawNode, source: string): readonly Statement[] {
  return blockOf(childOf(node, "body"), source);
}

/** `a = b = 1` becomes two assignments of the same expression, left to right as Python does. */
function expressionStatement(node: RawNode, source: string): readonly Statement[] {
  if (node.kind === "augmented_assignment")
    return [
      {
        ...placeOf(node),
        kind: "augment",
        target: expressionOf(childOf(node, "left"), source),
        operator: textOf(childOf(node, "operator") ?? node, source).replace(/=$/, ""),
        value: expressionOf(childOf(node, "right"), source),
      },
    ];
  if (node.kind !== "assignment")
    return [{ ...placeOf(node), kind: "expression", value: expressionOf(node, source) }];
  const targets: RawNode[] = [];
  let assignment = node;
  for (;;) {
    const left = childOf(assignment, "left");
    if (left !== undefined) targets.push(left);
    const right = childOf(assignment, "right");
    if (right?.kind !== "assignment") break;
    assignment = right;
  }
  const annotation = childOf(node, "type");
  const value = optional(childOf(assignment, "right"), source);
  return targets.map((target) => ({
    ...placeOf(target),
    kind: "assign",
    target: expressionOf(target, source),
    annotation: annotation === undefined ? undefined : textOf(annotation, source),
    value,
  }));
}

function importedNames(
  node: RawNode,
  source: string,
): readonly { path: string; alias: string | undefined }[] {
  return childrenOf(node, "name").map((name) => {
    if (name.kind !== "aliased_import") return { path: textOf(name, source), alias: undefined };
    const alias = childOf(name, "alias");
    return {
      path: textOf(childOf(name, "name") ?? name, source),
      alias: alias === undefined ? undefined : textOf(alias, source),
    };
  });
}

function importFrom(node: RawNode, source: string): readonly Statement[] {
  const from = childOf(node, "module_name");
  if (from === undefined) return [];
  const written = textOf(from, source).replace(/\s+/g, "");
  const level = /^\.*/.exec(written)?.[0].length ?? 0;
  return [
    {
      ...placeOf(node),
      kind: "import-from",
      level,
      path: written.slice(level),
      isStar: node.children.some(isOfKind("wildcard_import")),
      names: importedNames(node, source),
    },
  ];
}

function ifStatement(node: RawNode, source: string): readonly Statement[] {
  const alternatives = childrenOf(node, "alternative");
  const branches = [node, ...alternatives.filter(isOfKind("elif_clause"))].map((branch) => ({
    test: expressionOf(childOf(branch, "condition"), source),
    body: blockOf(childOf(branch, "consequence"), source),
  }));
  const last = alternatives.find(isOfKind("else_clause"));
  const otherwise = last === undefined ? [] : bodyOf(last, source);
  return [{ ...placeOf(node), kind: "if", branches, otherwise }];
}

function tryStatement(node: RawNode, source: string): readonly Statement[] {
  const clause = (kind: string): RawNode | undefined => node.children.find(isOfKind(kind));
  const handlers: Try["handlers"] = node.children
    .filter(({ kind }) => kind === "except_clause" || kind === "except_group_clause")
    .map((handler) => {
      const caught = childOf(handler, "value");
      return {
        exceptions: caught === undefined ? [] : exceptionNames(caught, source),
        body: blockOf(handler.children.find(isOfKind("block")), source),
      };
    });
  const otherwise = clause("else_clause");
  const last = clause("finally_clause");
  return [
    {
      ...placeOf(node),
      kind: "try",
      body: bodyOf(node, source),
      handlers,
      otherwise: otherwise === undefined ? [] : bodyOf(otherwise, source),
      finally: blockOf(last?.children.find(isOfKind("block")), source),
    },
  ];
}

function exceptionNames(node: RawNode, source: string): readonly string[] {
  if (node.kind === "as_pattern") {
    const [inner] = namedChildren(node);
    return inner === undefined ? [] : exceptionNames(inner, source);
  }
  if (node.kind === "tuple") return namedChildren(node).map((name) => textOf(name, source));
  return [textOf(node, source)];
}

function withStatement(node: RawNode, source: string): readonly Statement[] {
  const clause = node.children.find(isOfKind("with_clause"));
  const items = (clause === undefined ? [] : namedChildren(clause)).map((item) => {
    const value = childOf(item, "value") ?? item;
    const target = childOf(value, "alias");
    return { value: expressionOf(value, source), target: optional(target, source) };
  });
  return [{ ...placeOf(node), kind: "with", items, body: bodyOf(node, source) }];
}

function functionDefinition(
  node: RawNode,
  source: string,
  decorators: readonly Expression[],
): Statement {
  return {
    ...placeOf(node),
    kind: "function",
    name: textOf(childOf(node, "name") ?? node, source),
    parameters: parametersOf(childOf(node, "parameters"), source, expressionOf),
    decorators,
    body: bodyOf(node, source),
  };
}

function classDefinition(
  node: RawNode,
  source: string,
  decorators: readonly Expression[],
): Statement {
  const bases = childOf(node, "superclasses");
  return {
    ...placeOf(node),
    kind: "class",
    name: textOf(childOf(node, "name") ?? node, source),
    bases:
      bases === undefined
        ? []
        : argumentsOf(bases, source).flatMap(({ name, value }) =>
            name === undefined ? [value] : [],
          ),
    decorators,
    body: bodyOf(node, source),
  };
}

function decorated(node: RawNode, source: string): readonly Statement[] {
  const decorators = node.children
    .filter(isOfKind("decorator"))
    .map((decorator) => expressionOf(namedChildren(decorator)[0], source));
  const definition = childOf(node, "definition");
  if (definition?.kind === "function_definition")
    return [functionDefinition(definition, source, decorators)];
  if (definition?.kind === "class_definition")
    return [classDefinition(definition, source, decorators)];
  return [];
}
