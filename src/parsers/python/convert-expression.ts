import { parametersOf } from "./convert-parameters.ts";
import { numberOf, stringExpression } from "./literals.ts";
import { childOf, childrenOf, namedChildren, type RawNode } from "./raw-tree.ts";
import type { Argument, Comprehension, Expression, Place } from "./syntax.ts";

export function placeOf({ line, column, start, end }: RawNode): Place {
  return { line, column, start, end };
}

export function textOf(node: RawNode, source: string): string {
  return source.slice(node.start, node.end);
}

type Converter = (node: RawNode, source: string) => Expression;

/** Turns one concrete expression into its typed form. */
export function expressionOf(node: RawNode | undefined, source: string): Expression {
  if (node === undefined)
    return { kind: "opaque", what: "nothing", line: 1, column: 1, start: 0, end: 0 };
  const convert = Object.hasOwn(CONVERTERS, node.kind) ? CONVERTERS[node.kind] : undefined;
  return convert?.(node, source) ?? { ...placeOf(node), kind: "opaque", what: node.kind };
}

const CONVERTERS: Readonly<Record<string, Converter>> = {
  identifier: (node, source) => ({ ...placeOf(node), kind: "name", name: textOf(node, source) }),
  string: literal,
  concatenated_string: literal,
  integer: number,
  float: number,
  true: (node) => ({ ...placeOf(node), kind: "constant", value: true }),
  false: (node) => ({ ...placeOf(node), kind: "constant", value: false }),
  none: (node) => ({ ...placeOf(node), kind: "constant", value: null }),
  list: sequence("list"),
  tuple: sequence("tuple"),
  set: sequence("set"),
  expression_list: sequence("tuple"),
  pattern_list: sequence("tuple"),
  tuple_pattern: sequence("tuple"),
  list_pattern: sequence("list"),
  dictionary: dict,
  list_comprehension: comprehension("list"),
  set_comprehension: comprehension("set"),
  generator_expression: comprehension("generator"),
  dictionary_comprehension: comprehension("dict"),
  call,
  attribute: (node, source) => ({
    ...placeOf(node),
    kind: "attribute",
    object: expressionOf(childOf(node, "object"), source),
    name: fieldText(node, "attribute", source),
  }),
  subscript,
  slice,
  binary_operator: (node, source) => ({
    ...placeOf(node),
    kind: "binary",
    operator: fieldText(node, "operator", source),
    left: expressionOf(childOf(node, "left"), source),
    right: expressionOf(childOf(node, "right"), source),
  }),
  boolean_operator: (node, source) => ({
    ...placeOf(node),
    kind: "logical",
    operator: fieldText(node, "operator", source) === "and" ? "and" : "or",
    left: expressionOf(childOf(node, "left"), source),
    right: expressionOf(childOf(node, "right"), source),
  }),
  not_operator: (node, source) => ({
    ...placeOf(node),
    kind: "not",
    operand: expressionOf(childOf(node, "argument"), source),
  }),
  unary_operator: (node, source) => ({
    ...placeOf(node),
    kind: "unary",
    operator: fieldText(node, "operator", source),
    operand: expressionOf(childOf(node, "argument"), source),
  }),
  comparison_operator: comparison,
  conditional_expression: (node, source) => {
    const [whenTrue, test, otherwise] = namedChildren(node);
    return {
      ...placeOf(node),
      kind: "conditional",
      test: expressionOf(test, source),
      whenTrue: expressionOf(whenTrue, source),
      otherwise: expressionOf(otherwise, source),
    };
  },
  parenthesized_expression: (node, source) => expressionOf(namedChildren(node)[0], source),
  // What is awaited is taken to arrive.
  await: (node, source) => expressionOf(namedChildren(node)[0], source),
  named_expression: (node, source) => ({
    ...placeOf(node),
    kind: "walrus",
    name: fieldText(node, "name", source),
    value: expressionOf(childOf(node, "value"), source),
  }),
  lambda: (node, source) => ({
    ...placeOf(node),
    kind: "lambda",
    parameters: parametersOf(childOf(node, "parameters"), source, expressionOf),
    body: expressionOf(childOf(node, "body"), source),
  }),
  list_splat: starred,
  list_splat_pattern: starred,
  as_pattern: (node, source) => expressionOf(namedChildren(node)[0], source),
  as_pattern_target: (node, source) => expressionOf(namedChildren(node)[0], source),
};

function fieldText(node: RawNode, field: string, source: string): string {
  const child = childOf(node, field);
  return child === undefined ? "" : textOf(child, source);
}

function literal(node: RawNode, source: string): Expression {
  return stringExpression(node, source, placeOf(node), (part) => expressionOf(part, source));
}

function number(node: RawNode, source: string): Expression {
  return { ...placeOf(node), kind: "number", value: numberOf(textOf(node, source)) };
}

function sequence(type: "list" | "tuple" | "set"): Converter {
  return (node, source) => ({
    ...placeOf(node),
    kind: "sequence",
    type,
    items: namedChildren(node).map((item) => expressionOf(item, source)),
  });
}

function starred(node: RawNode, source: string): Expression {
  return {
    ...placeOf(node),
    kind: "starred",
    value: expressionOf(namedChildren(node)[0], source),
  };
}

function dict(node: RawNode, source: string): Expression {
  const entries = namedChildren(node).map((entry) =>
    entry.kind === "pair"
      ? {
          key: expressionOf(childOf(entry, "key"), source),
          value: expressionOf(childOf(entry, "value"), source),
        }
      : { key: undefined, value: expressionOf(namedChildren(entry)[0], source) },
  );
  return { ...placeOf(node), kind: "dict", entries };
}

function comprehension(type: Comprehension["type"]): Converter {
  return (node, source) => {
    const body = childOf(node, "body");
    const pair = body?.kind === "pair" ? body : undefined;
    return {
      ...placeOf(node),
      kind: "comprehension",
      type,
      element: expressionOf(pair === undefined ? body : childOf(pair, "key"), source),
      value: pair === undefined ? undefined : expressionOf(childOf(pair, "value"), source),
      clauses: clausesOf(node, source),
    };
  };
}

function clausesOf(node: RawNode, source: string): Comprehension["clauses"] {
  const clauses: { target: Expression; source: Expression; conditions: Expression[] }[] = [];
  for (const child of namedChildren(node)) {
    if (child.kind === "for_in_clause")
      clauses.push({
        target: expressionOf(childOf(child, "left"), source),
        source: expressionOf(childOf(child, "right"), source),
        conditions: [],
      });
    else if (child.kind === "if_clause")
      clauses.at(-1)?.conditions.push(expressionOf(namedChildren(child)[0], source));
  }
  return clauses;
}

function call(node: RawNode, source: string): Expression {
  const list = childOf(node, "arguments");
  return {
    ...placeOf(node),
    kind: "call",
    callee: expressionOf(childOf(node, "function"), source),
    arguments: list === undefined ? [] : argumentsOf(list, source),
  };
}

/** The arguments of a call or the superclasses of a class. */
export function argumentsOf(list: RawNode, source: string): readonly Argument[] {
  if (list.kind === "generator_expression")
    return [{ name: undefined, spread: "", value: expressionOf(list, source) }];
  return namedChildren(list).map((argument) => {
    const inner = namedChildren(argument)[0];
    switch (argument.kind) {
      case "keyword_argument":
        return {
          name: fieldText(argument, "name", source),
          spread: "",
          value: expressionOf(childOf(argument, "value"), source),
        };
      case "list_splat":
        return { name: undefined, spread: "*", value: expressionOf(inner, source) };
      case "dictionary_splat":
        return { name: undefined, spread: "**", value: expressionOf(inner, source) };
      default:
        return { name: undefined, spread: "", value: expressionOf(argument, source) };
    }
  });
}

function subscript(node: RawNode, source: string): Expression {
  const indices = childrenOf(node, "subscript").map((index) => expressionOf(index, source));
  const [first] = indices;
  return {
    ...placeOf(node),
    kind: "subscript",
    object: expressionOf(childOf(node, "value"), source),
    index:
      first !== undefined && indices.length === 1
        ? first
        : { ...placeOf(node), kind: "sequence", type: "tuple", items: indices },
  };
}

function slice(node: RawNode, source: string): Expression {
  const bounds: (Expression | undefined)[] = [undefined];
  for (const child of node.children) {
    if (child.isNamed) bounds[bounds.length - 1] = expressionOf(child, source);
    else bounds.push(undefined);
  }
  return {
    ...placeOf(node),
    kind: "slice",
    lower: bounds[0],
    upper: bounds[1],
    hasStep: bounds[2] !== undefined,
  };
}

function comparison(node: RawNode, source: string): Expression {
  const isOperator = (child: RawNode): boolean => child.field === "operators";
  const operators: string[] = [];
  let written = "";
  for (const child of node.children) {
    if (isOperator(child)) written = `${written} ${textOf(child, source)}`.trim();
    else if (written !== "") {
      operators.push(written.replace(/\s+/g, " "));
      written = "";
    }
  }
  return {
    ...placeOf(node),
    kind: "compare",
    operands: node.children
      .filter((child) => !isOperator(child) && child.isNamed)
      .map((child) => expressionOf(child, source)),
    operators,
  };
}
