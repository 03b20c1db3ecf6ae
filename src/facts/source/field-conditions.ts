import type { Call, Expression, Place } from "../../parsers/python/syntax.ts";

/**
 * Conditions under which every answer to a client is made: the type of an ASGI message or scope, whether the
 * field is there already, and that the answer is a page, which is what the fields are for.
 */
const HARMLESS =
  /\b(?:scope|message|event)\s*(?:\[\s*["']type["']\s*\]|\.get\(\s*["']type["'])|\bnot\s+in\s+[\w.]*(?:headers|response)\b|\bnot\s+[\w.]+\.(?:headers\.get|has_header)\(|^\(?["']text\/html\b[^"']*["']\s+in\s+[\w.]*(?:content_?type|mimetype|headers)\b|^\(?[\w.]*(?:content_?type|mimetype)\.startswith\(\s*["']text\/html/i;

export function isHarmless(condition: string): boolean {
  return HARMLESS.test(condition);
}

/** The calls an expression is made of, outer ones last; what is made later (lambdas) left out. */
export function callsIn(expression: Expression): readonly (Call & Place)[] {
  switch (expression.kind) {
    case "call":
      return [...expression.arguments.flatMap(({ value }) => callsIn(value)), expression];
    case "starred":
      return callsIn(expression.value);
    case "conditional":
      return [...callsIn(expression.whenTrue), ...callsIn(expression.otherwise)];
    default:
      return [];
  }
}
