import { parse } from "@babel/parser";

/** UTF-16 units; longer files are bundles. */
export const SCRIPT_LENGTH_MAX = 1_048_576;
/** A file whose lines are longer than this on average was written by a bundler. */
const LINE_LENGTH_AVERAGE_MAX = 400;
/** Below it a file may well be one long line written by hand. */
const MINIFIED_LENGTH_MIN = 20_000;

/** A node of Babel's tree: https://github.com/babel/babel/blob/main/packages/babel-parser/ast/spec.md. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** 1-based, as editors count. */
export interface ScriptPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whether text is what a bundler or minifier writes: nobody configures a deployment in it. */
export function isMinified(text: string): boolean {
  if (text.length > SCRIPT_LENGTH_MAX) return true;
  if (text.length < MINIFIED_LENGTH_MIN) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.length / lines > LINE_LENGTH_AVERAGE_MAX;
}

/** The program of a file; `undefined` where its text is no JavaScript or TypeScript. */
export function syntaxTree(text: string, file = "script.tsx"): SyntaxNode | undefined {
  // `<T>(x) => x` is a generic function in TypeScript and an element where JSX is on.
  const isPlain = /\.[cm]?ts$/.test(file);
  try {
    const { program } = parse(text, {
      sourceType: "unambiguous",
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      attachComment: false,
      plugins: isPlain
        ? ["typescript", "decorators-legacy"]
        : ["typescript", "jsx", "decorators-legacy"],
    });
    return isNode(program) ? program : undefined;
  } catch {
    // The parser throws for what its recovery cannot get over.
    return undefined;
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}

/** A child that is a node. */
export function nodeOf(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const child = node[key];
  return isNode(child) ? child : undefined;
}

/** The nodes of a child that is a list; holes of arrays are left out. */
export function nodesOf(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  const child = node[key];
  return Array.isArray(child) ? child.filter(isNode) : [];
}

export function textOf(node: SyntaxNode, key: string): string | undefined {
  const child = node[key];
  return typeof child === "string" ? child : undefined;
}

/** Keys of a node that hold no part of the program. */
const NO_CHILDREN: ReadonlySet<string> = new Set([
  "type",
  "start",
  "end",
  "loc",
  "extra",
  "range",
  "errors",
  "typeAnnotation",
  "typeParameters",
  "returnType",
  "leadingComments",
  "innerComments",
  "trailingComments",
]);

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const key in node) {
    if (NO_CHILDREN.has(key)) continue;
    const child = node[key];
    if (Array.isArray(child)) children.push(...child.filter(isNode));
    else if (isNode(child)) children.push(child);
  }
  return children;
}

export function placeOf(node: SyntaxNode, file: string): ScriptPlace {
  const loc = node["loc"];
  const start: unknown =
    typeof loc === "object" && loc !== null && "start" in loc ? loc.start : undefined;
  if (typeof start !== "object" || start === null) return { file, line: 1, column: 1 };
  const line = "line" in start && typeof start.line === "number" ? start.line : 1;
  const column = "column" in start && typeof start.column === "number" ? start.column : 0;
  return { file, line, column: column + 1 };
}

export function identifierOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Identifier" ? textOf(node, "name") : undefined;
}

/** The text of a string literal, or of a template without expressions. */
export function literalOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "StringLiteral") return textOf(node, "value");
  if (node.type !== "TemplateLiteral" || nodesOf(node, "expressions").length > 0) return undefined;
  const [quasi] = nodesOf(node, "quasis");
  return quasi === undefined ? undefined : cookedOf(quasi);
}

/** The text of one piece of a template, escapes resolved. */
export function cookedOf(quasi: SyntaxNode): string | undefined {
  const value = quasi["value"];
  if (typeof value !== "object" || value === null || !("cooked" in value)) return undefined;
  return typeof value.cooked === "string" ? value.cooked : undefined;
}

/** The name of a property or member that needs no evaluation; `undefined` for a computed one. */
export function keyOf(node: SyntaxNode, key: "key" | "property"): string | undefined {
  const child = nodeOf(node, key);
  if (child === undefined) return undefined;
  if (node["computed"] === true) return literalOf(child);
  const number = child["value"];
  if (child.type === "NumericLiteral" && typeof number === "number") return String(number);
  return identifierOf(child) ?? literalOf(child);
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
]);

export function isFunctionNode({ type }: SyntaxNode): boolean {
  return FUNCTIONS.has(type);
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "ParenthesizedExpression",
  "TypeCastExpression",
  "ChainExpression",
]);

/** The expression without types and brackets around it. */
export function bareExpression(node: SyntaxNode): SyntaxNode {
  let bare = node;
  while (WRAPPERS.has(bare.type)) {
    const inner = nodeOf(bare, "expression");
    if (inner === undefined) return bare;
    bare = inner;
  }
  return bare;
}
