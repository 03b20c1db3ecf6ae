import type { Argument, Expression } from "./syntax.ts";
import type { CallArguments, Value } from "./value.ts";

/** The values of a call's arguments; `isOpen` when some of them are not known to be there. */
export function callArguments(
  written: readonly Argument[],
  of: (expression: Expression) => Value,
): CallArguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  const places = new Map<string, Expression>();
  let isOpen = false;
  for (const { name, spread, value: expression } of written) {
    const value = of(expression);
    if (spread !== "") isOpen = !spreadInto(positional, named, spread, value) || isOpen;
    else if (name !== undefined) {
      named.set(name, value);
      places.set(name, expression);
    } else positional.push(value);
  }
  return { positional, named, places, isOpen };
}

/** Whether all of `*value` or `**value` is known. */
function spreadInto(
  positional: Value[],
  named: Map<string, Value>,
  spread: "*" | "**",
  value: Value,
): boolean {
  if (spread === "*" && value.kind === "list") {
    positional.push(...value.items);
    return true;
  }
  if (spread !== "**" || value.kind !== "dict") return false;
  for (const entry of value.entries)
    if (entry.key.kind === "text") named.set(entry.key.text, entry.value);
  return true;
}
