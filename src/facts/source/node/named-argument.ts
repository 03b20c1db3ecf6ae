import {
  identifierOf,
  keyOf,
  nodeOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";

/** The last name of `verifyCsrf`, `verifyCsrf()` and `csrf.verify`; empty for what has none. */
export function nameIn(node: SyntaxNode): string {
  if (node.type === "CallExpression") {
    const callee = nodeOf(node, "callee");
    return callee === undefined ? "" : nameIn(callee);
  }
  return (
    identifierOf(node) ??
    (/MemberExpression$/.test(node.type) ? (keyOf(node, "property") ?? "") : "")
  );
}
