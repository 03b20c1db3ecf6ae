import {
  childrenOf,
  identifierOf,
  literalOf,
  nodeOf,
  nodesOf,
  placeOf,
  SCRIPT_LENGTH_MAX,
  type SyntaxNode,
  syntaxTree,
} from "./syntax.ts";

/** Where a JavaScript or TypeScript file makes an Express application. */
export interface ExpressSign {
  readonly line: number;
  readonly sign: string;
}

const NODES_MAX = 400_000;

/**
 * The place where `express()` is called under a name that was imported or required from
 * `"express"`; comments and strings do not count. `undefined` where there is none, or where the
 * text is no JavaScript.
 */
export function findExpress(text: string): ExpressSign | undefined {
  if (text.length > SCRIPT_LENGTH_MAX || !text.includes("express")) return undefined;
  const program = syntaxTree(text);
  if (program === undefined) return undefined;
  const names = new Set<string>();
  const calls: { readonly name: string; readonly line: number }[] = [];
  let visited = 0;
  const pending: SyntaxNode[] = [program];
  while (visited < NODES_MAX) {
    const node = pending.pop();
    if (node === undefined) break;
    visited += 1;
    const name = boundName(node);
    if (name !== undefined) names.add(name);
    const call = calledName(node);
    if (call !== undefined) calls.push(call);
    pending.push(...childrenOf(node));
  }
  const made = calls
    .filter(({ name }) => names.has(name) || name === REQUIRED)
    .sort((a, b) => a.line - b.line)[0];
  return made === undefined ? undefined : { line: made.line, sign: "express() is called" };
}

/** Stands for `require("express")()` without a name. */
const REQUIRED = "";

/** The name under which a node imports or requires Express. */
function boundName(node: SyntaxNode): string | undefined {
  if (node.type === "VariableDeclarator")
    return isRequire(nodeOf(node, "init")) ? identifierOf(node["id"]) : undefined;
  if (node.type === "TSImportEqualsDeclaration") {
    const reference = nodeOf(node, "moduleReference");
    return literalOf(reference?.["expression"]) === "express"
      ? identifierOf(node["id"])
      : undefined;
  }
  if (node.type !== "ImportDeclaration" || literalOf(node["source"]) !== "express")
    return undefined;
  const main = nodesOf(node, "specifiers").find(({ type }) => type !== "ImportSpecifier");
  return main === undefined ? undefined : identifierOf(main["local"]);
}

function calledName(node: SyntaxNode): { name: string; line: number } | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = nodeOf(node, "callee");
  const name = isRequire(callee) ? REQUIRED : identifierOf(callee);
  return name === undefined ? undefined : { name, line: placeOf(node, "").line };
}

function isRequire(node: SyntaxNode | undefined): boolean {
  if (node?.type !== "CallExpression") return false;
  const [given] = nodesOf(node, "arguments");
  return identifierOf(node["callee"]) === "require" && literalOf(given) === "express";
}
