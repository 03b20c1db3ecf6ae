import {
  bareExpression,
  identifierOf,
  keyOf,
  nodeOf,
  placeOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";

/** `owner.key = value`. */
export interface AssignedMember {
  /** The name before the member: `app` of `app.proxy` and of `this.app.proxy`. */
  readonly owner: string;
  readonly key: string;
  readonly value: SyntaxNode;
  readonly place: { readonly line: number; readonly column: number };
}

export function assignedMember(node: SyntaxNode): AssignedMember | undefined {
  const left = nodeOf(node, "left");
  const value = nodeOf(node, "right");
  if (left?.type !== "MemberExpression" || value === undefined) return undefined;
  const key = keyOf(left, "property");
  const object = nodeOf(left, "object");
  if (key === undefined || object === undefined) return undefined;
  const bare = bareExpression(object);
  const owner = identifierOf(bare) ?? keyOf(bare, "property") ?? "";
  const { line, column } = placeOf(node, "");
  return { owner, key, value, place: { line, column } };
}
