import type { Machine } from "./machine.ts";
import type { Place } from "./syntax.ts";
import { UndoMap } from "./undo-map.ts";
import type { Binding, CallArguments, FunctionShape, Scope, Value } from "./value.ts";

const NOWHERE: Place = { line: 0, column: 0, start: 0, end: 0 };

type Class = Value & { readonly kind: "class" };
type Function = Value & FunctionShape;
type Instance = Value & { readonly kind: "instance" };

/** A value that comes from outside the program: what is done with it is recorded under `argument.NAME`. */
export function outsideValue(machine: Machine, name: string): Value {
  const id = machine.nextId;
  machine.nextId += 1;
  const call: CallArguments = { positional: [], named: new Map(), isOpen: true };
  return {
    kind: "external",
    path: `argument.${name}`,
    made: { id, call },
    origin: { reads: [], idiom: "" },
  };
}

/** Runs a function that the framework calls, every argument without a default being from outside. */
export function exercise(machine: Machine, callee: Function): Value {
  const named = new Map(
    callee.parameters
      .filter((parameter) => parameter.spread === "" && parameter.default === undefined)
      .map(({ name }) => [name, outsideValue(machine, name)] as const),
  );
  const { tryDepth, branchDepth, conditions, uncertain } = machine;
  machine.uncertain = [];
  machine.conditions = [];
  // As within `try`: an exception of one call is not one of the module.
  machine.tryDepth = 1;
  const site = { scope: callee.scope, place: NOWHERE };
  const value = machine.call(callee, { positional: [], named, isOpen: false }, site);
  Object.assign(machine, { tryDepth, branchDepth, conditions, uncertain });
  return value;
}

/**
 * An object of a class of the project whose constructor has run: `self` is bound in its methods, and
 * they see what others of them set on it. `given`: the constructor's arguments without the application,
 * which the framework puts first.
 */
export function objectOf(machine: Machine, type: Class, given: CallArguments): Instance {
  const shared = new UndoMap<Binding>();
  const members = new UndoMap<Binding>();
  for (const [name, binding] of type.members)
    members.set(name, { ...binding, value: bound(binding.value, shared) });
  const self: Instance = { kind: "instance", members, origin: type.origin };
  const selfNames = new Set(
    [...type.members.values()].flatMap(({ value }) => selfNameOf(value) ?? []),
  );
  for (const name of selfNames) shared.set(name, { value: self, file: "", line: 0, column: 0 });
  const init = members.get("__init__")?.value;
  if (init?.kind !== "function") return self;
  const positional = [outsideValue(machine, "app"), ...given.positional];
  const site = { scope: init.scope, place: NOWHERE };
  machine.tryDepth += 1;
  machine.call(init, { ...given, positional }, site);
  machine.tryDepth -= 1;
  const name = selfNameOf(type.members.get("__init__")?.value);
  const made = name === undefined ? undefined : shared.get(name)?.value;
  if (made?.kind !== "instance") return self;
  for (const each of selfNames) shared.set(each, { value: made, file: "", line: 0, column: 0 });
  return made;
}

function selfNameOf(value: Value | undefined): string | undefined {
  if (value?.kind !== "function") return undefined;
  const isStatic = value.definition?.decorators.some(
    (decorator) => decorator.kind === "name" && decorator.name === "staticmethod",
  );
  return isStatic === true ? undefined : value.parameters[0]?.name;
}

function bound(value: Value, shared: UndoMap<Binding>): Value {
  if (value.kind !== "function" || selfNameOf(value) === undefined) return value;
  const scope: Scope = { ...value.scope, kind: "function", bindings: shared, parent: value.scope };
  return { ...value, parameters: value.parameters.slice(1), scope };
}
