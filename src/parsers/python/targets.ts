import type { Expression } from "./syntax.ts";
import { type Scope, unknownValue, type Value } from "./value.ts";

/** Binds a name, or the names of an unpacking, in a scope; other targets are left alone. */
export function bindTarget(target: Expression, value: Value, scope: Scope): void {
  const { line, column } = target;
  if (target.kind === "name")
    scope.bindings.set(target.name, { value, file: scope.file, line, column });
  else if (target.kind === "starred")
    bindTarget(target.value, unknownValue("an unpacking", [value.origin]), scope);
  else if (target.kind === "sequence") {
    const parts =
      value.kind === "list" &&
      value.items.length === target.items.length &&
      !target.items.some(({ kind }) => kind === "starred")
        ? value.items
        : undefined;
    for (const [index, item] of target.items.entries())
      bindTarget(item, parts?.[index] ?? unpacked(value), scope);
  }
}

function unpacked(value: Value): Value {
  return value.kind === "raises" || value.kind === "unknown"
    ? value
    : unknownValue("an unpacking that is not worked out", [value.origin]);
}
