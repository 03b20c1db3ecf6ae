import { changed } from "./collection-methods.ts";
import { isMissingVariable } from "./environment-read.ts";
import { storeFlaskConfig } from "./flask-config.ts";
import { type Flow, type Machine, NORMAL, RECORDS_MAX, scopeOf, uncertainty } from "./machine.ts";
import { binary } from "./operators.ts";
import type { Expression, Statement } from "./syntax.ts";
import { bindTarget } from "./targets.ts";
import { type Binding, type Scope, text, unknownValue, type Value, withOrigins } from "./value.ts";

/**
 * Whether an exception here ends what runs: inside `try` and functions, not at module level. Where only a
 * variable is missing that must be set, what a function does with the others is looked at all the same.
 */
export function stops(machine: Machine, scope: Scope, value: Value): boolean {
  if (machine.tryDepth > 0) return true;
  return scope.kind === "function" && !isMissingVariable(value);
}

export function raised(value: Value & { kind: "raises" }, line: number): Flow {
  return {
    kind: "raise",
    exception: value.exception,
    reason: value.reason,
    line,
    names: [],
    origin: value.origin,
  };
}

/** `target = value`, with the conditions of the place laid over the value. */
export function assign(machine: Machine, target: Expression, given: Value, scope: Scope): Flow {
  if (given.kind === "raises" && stops(machine, scope, given)) return raised(given, target.line);
  const value = machine.conditions.length === 0 ? given : withOrigins(given, machine.conditions);
  switch (target.kind) {
    case "attribute":
      storeMember(machine, target.object, text(target.name), value, scope, target);
      return NORMAL;
    case "subscript":
      if (target.index.kind !== "slice")
        storeMember(
          machine,
          target.object,
          machine.evaluate(target.index, scope),
          value,
          scope,
          target,
        );
      return NORMAL;
    default:
      bindTarget(target, value, scope);
      return NORMAL;
  }
}

/** `object[key] = value` and `object.key = value`. */
function storeMember(
  machine: Machine,
  objectExpression: Expression,
  key: Value,
  value: Value,
  scope: Scope,
  place: Expression,
): void {
  const object = machine.evaluate(objectExpression, scope);
  if (object.kind === "external") storeExternal(machine, object, key, value, scope, place);
  else if (object.kind === "dict") {
    const entries = [...object.entries, { key, value, line: place.line }];
    rebind(objectExpression, { ...object, entries }, scope);
  } else if (object.kind === "list" && key.kind === "number") {
    const items = object.items.with(Math.min(key.number, object.items.length - 1), value);
    rebind(objectExpression, { ...object, items }, scope);
  } else if (key.kind === "text") {
    const binding = { value, file: scope.file, line: place.line, column: place.column };
    if (object.kind === "module") object.scope.bindings.set(key.text, binding);
    if (object.kind === "instance" || object.kind === "class")
      rebind(
        objectExpression,
        { ...object, members: new Map<string, Binding>([...object.members, [key.text, binding]]) },
        scope,
      );
  }
}

function storeExternal(
  machine: Machine,
  object: Value & { kind: "external" },
  key: Value,
  value: Value,
  scope: Scope,
  place: Expression,
): void {
  if (key.kind !== "text") return;
  storeFlaskConfig(machine, object, key.text, value, { file: scope.file, place });
  if (object.path === "os.environ") machine.overlay.set(key.text, value);
  else if (object.made !== undefined && machine.stores.length < RECORDS_MAX)
    machine.stores.push({
      receiver: object.made.id,
      path: object.path,
      key: key.text,
      value,
      file: scope.file,
      place,
      isUnderMain: machine.mainDepth > 0,
      ...uncertainty(machine),
    });
}

/** Gives the name an expression stands on its new value, in the scope that has the name. */
function rebind(target: Expression, value: Value, scope: Scope): void {
  if (target.kind !== "name") return;
  const owner = scopeOf(scope, target.name) ?? scope;
  const { line, column } = target;
  owner.bindings.set(target.name, { value, file: scope.file, line, column });
}

/** `target += value`. */
export function augment(
  machine: Machine,
  statement: Statement & { kind: "augment" },
  scope: Scope,
): Flow {
  const before = machine.evaluate(statement.target, scope);
  const more = machine.evaluate(statement.value, scope);
  const isOpenList =
    before.kind === "list" && (more.kind === "unknown" || more.kind === "external");
  const value = isOpenList
    ? {
        ...before,
        items: [...before.items, unknownValue("elements that are not known", [more.origin])],
      }
    : binary(statement.operator, before, toType(before, more));
  return assign(machine, statement.target, value, scope);
}

/** A list takes the elements of any other collection. */
function toType(before: Value, more: Value): Value {
  return before.kind === "list" && more.kind === "list" ? { ...more, type: before.type } : more;
}

/** `X.append(...)` and its like: changes the name's value. Returns whether it was such a call. */
export function applyMethod(machine: Machine, expression: Expression, scope: Scope): boolean {
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return false;
  const { object, name } = expression.callee;
  if (object.kind !== "name" || !CHANGING.has(name)) return false;
  const receiver = machine.evaluate(object, scope);
  if (receiver.kind !== "list" && receiver.kind !== "dict") return false;
  const positional = expression.arguments
    .filter((argument) => argument.name === undefined)
    .map(({ value }) => machine.evaluate(value, scope));
  const named = new Map(
    expression.arguments.flatMap(({ name: key, value }) =>
      key === undefined ? [] : [[key, machine.evaluate(value, scope)] as const],
    ),
  );
  const next = changed(receiver, name, { positional, named, isOpen: false }, expression.line);
  if (next === undefined) return false;
  const value = machine.conditions.length === 0 ? next : withOrigins(next, machine.conditions);
  rebind(object, value, scope);
  return true;
}

const CHANGING: ReadonlySet<string> = new Set(
  "append add extend update insert remove discard pop clear reverse setdefault".split(" "),
);
