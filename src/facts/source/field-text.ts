import { NONCE_PLACEHOLDER } from "../../parsers/csp/suggest.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import type { Expression } from "../../parsers/python/syntax.ts";
import type { Scope } from "../../parsers/python/value.ts";

/** Stands in a text for what is not known of it; no header may hold it. */
const GAP = "\0";
const DEPTH_MAX = 8;

/** The text of an expression of which nothing but a policy's nonce is not known; `undefined` otherwise. */
export function textWithNonce(
  machine: Machine,
  scope: Scope,
  written: ReadonlyMap<string, Expression>,
  expression: Expression,
): string | undefined {
  const parts = (each: Expression, depth: number): string => {
    const value = machine.evaluate(each, scope);
    if (value.kind === "text") return value.text;
    if (depth > DEPTH_MAX) return GAP;
    switch (each.kind) {
      case "format":
        return each.parts
          .map((part) => (typeof part === "string" ? part : parts(part.value, depth + 1)))
          .join("");
      case "binary":
        return each.operator === "+"
          ? `${parts(each.left, depth + 1)}${parts(each.right, depth + 1)}`
          : GAP;
      case "name": {
        const before = written.get(each.name);
        return before === undefined ? GAP : parts(before, depth + 1);
      }
      case "call":
        return joined(each, depth);
      default:
        return GAP;
    }
  };
  const joined = (each: Expression & { kind: "call" }, depth: number): string => {
    const { callee } = each;
    const [list] = each.arguments;
    if (callee.kind !== "attribute" || callee.name !== "join" || list?.value.kind !== "sequence")
      return GAP;
    return list.value.items
      .map((item) => parts(item, depth + 1))
      .join(parts(callee.object, depth + 1));
  };
  const text = parts(expression, 0).replaceAll(`'nonce-${GAP}'`, `'nonce-${NONCE_PLACEHOLDER}'`);
  return text.includes(GAP) ? undefined : text;
}
