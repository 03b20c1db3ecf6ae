import { parse } from "@babel/parser";

/** Where a JavaScript or TypeScript file makes an Express application. */
export interface ExpressSign {
  readonly line: number;
  readonly sign: string;
}

/** UTF-16 units; longer files are bundles. */
export const SCRIPT_LENGTH_MAX = 1_048_576;
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
  const pending: unknown[] = [program];
  while (pending.length > 0 && visited < NODES_MAX) {
    const node = pending.pop();
    visited += 1;
    if (!isNode(node)) continue;
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

function syntaxTree(text: string): unknown {
  try {
    return parse(text, {
      sourceType: "unambiguous",
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins: ["typescript", "jsx"],
    }).program;
  } catch {
    // The parser throws for what its recovery cannot get over.
    return undefined;
  }
}

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}

function childrenOf(node: SyntaxNode): readonly unknown[] {
  return Object.entries(node).flatMap(([key, child]) => {
    if (key === "loc" || key.endsWith("Comments")) return [];
    return Array.isArray(child) ? child : isNode(child) ? [child] : [];
  });
}

/** The name under which a node imports or requires Express. */
function boundName(node: SyntaxNode): string | undefined {
  if (node.type === "VariableDeclarator")
    return isRequire(node["init"]) ? identifier(node["id"]) : undefined;
  if (node.type === "TSImportEqualsDeclaration") {
    const reference = node["moduleReference"];
    return isNode(reference) && isExpressText(reference["expression"])
      ? identifier(node["id"])
      : undefined;
  }
  if (node.type !== "ImportDeclaration" || !isExpressText(node["source"])) return undefined;
  const specifiers = Array.isArray(node["specifiers"]) ? node["specifiers"] : [];
  const main = specifiers.find(
    (specifier) => isNode(specifier) && specifier.type !== "ImportSpecifier",
  );
  return isNode(main) ? identifier(main["local"]) : undefined;
}

function calledName(node: SyntaxNode): { name: string; line: number } | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"];
  const name = isRequire(callee) ? REQUIRED : identifier(callee);
  const loc = node["loc"];
  if (name === undefined || typeof loc !== "object" || loc === null || !("start" in loc))
    return undefined;
  const start: unknown = loc.start;
  if (typeof start !== "object" || start === null || !("line" in start)) return undefined;
  return typeof start.line === "number" ? { name, line: start.line } : undefined;
}

function isRequire(node: unknown): boolean {
  if (!isNode(node) || node.type !== "CallExpression") return false;
  const given = node["arguments"];
  return (
    identifier(node["callee"]) === "require" && Array.isArray(given) && isExpressText(given[0])
  );
}

function isExpressText(node: unknown): boolean {
  return isNode(node) && node.type === "StringLiteral" && node["value"] === "express";
}

function identifier(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "Identifier") return undefined;
  const name = node["name"];
  return typeof name === "string" ? name : undefined;
}
