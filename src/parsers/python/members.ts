import { keptValue } from "./kept-secret.ts";
import { type Machine, scopeOf } from "./machine.ts";
import type { Expression, FunctionDefinition } from "./syntax.ts";
import { UndoMap } from "./undo-map.ts";
import type { Binding, CallArguments, FunctionShape, Scope, Value } from "./value.ts";

type Owner = Value & { readonly kind: "class" | "instance" };

const NO_ARGUMENTS: CallArguments = { positional: [], named: new Map(), isOpen: false };
const PROPERTY: ReadonlySet<string> = new Set(["property", "cached_property", "computed_field"]);

/**
 * A member as `object.name` gives it: a property is worked out, a method knows its object, a class method its
 * class; `undefined` where the object has none of the name.
 */
export function memberOf(machine: Machine, owner: Owner, name: string): Value | undefined {
  const value = owner.members.get(name)?.value;
  if (value?.kind !== "function" || value.definition === undefined) return value;
  const decorators = decoratorsOf(value.definition);
  if (decorators.includes("staticmethod")) return value;
  if (owner.kind === "class" && !decorators.includes("classmethod")) return value;
  const method = isBound(value, value.definition) ? value : bound(value, owner);
  if (!decorators.some((decorator) => PROPERTY.has(decorator))) return method;
  return machine.call(method, NO_ARGUMENTS, { scope: value.scope, place: NOWHERE });
}

const NOWHERE = { line: 0, column: 0, start: 0, end: 0 };

function decoratorsOf({ decorators }: FunctionDefinition): readonly string[] {
  return decorators.map(lastName);
}

/** `property`, `functools.cached_property`, `computed_field(alias="x")`. */
function lastName(decorator: Expression): string {
  if (decorator.kind === "call") return lastName(decorator.callee);
  return decorator.kind === "name" || decorator.kind === "attribute" ? decorator.name : "";
}

/** An object that was made with its constructor run has bound its methods already. */
function isBound({ parameters }: FunctionShape, definition: FunctionDefinition): boolean {
  return parameters.length < definition.parameters.length;
}

function bound(method: Value & FunctionShape, owner: Owner): Value {
  const [self, ...parameters] = method.parameters;
  if (self === undefined) return method;
  const bindings = new UndoMap<Binding>();
  bindings.set(self.name, { value: owner, file: "", line: 0, column: 0 });
  const scope: Scope = { ...method.scope, kind: "function", bindings, parent: method.scope };
  return { ...method, parameters, scope };
}

/**
 * What a method has set on its object: `settings.check()` changes the `settings` that it was called on.
 * `callee` is the value of `object.name` before the call.
 */
export function keepChanges(callee: Value, called: Expression, scope: Scope): void {
  if (callee.kind !== "function" || called.kind !== "attribute") return;
  if (called.object.kind !== "name" || callee.scope.bindings.size !== 1) return;
  const [changed] = callee.scope.bindings.values();
  const owner = scopeOf(scope, called.object.name);
  const binding = owner?.bindings.get(called.object.name);
  // A file is named once something was set on it.
  if (binding?.value.kind !== "instance" || changed?.value.kind !== "instance") return;
  if (changed.file === "") return;
  const members = new Map<string, Binding>();
  for (const [name, member] of changed.value.members) {
    const isNew = member !== binding.value.members.get(name);
    const value = isNew ? keptValue(member.value, callee.definition) : member.value;
    members.set(name, { ...member, value });
  }
  owner?.bindings.set(called.object.name, { ...binding, value: { ...changed.value, members } });
}
