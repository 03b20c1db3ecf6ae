import { type Flow, type Machine, NORMAL } from "./machine.ts";
import { mergeValues } from "./merge-values.ts";
import {
  type Binding,
  mergeOrigins,
  type Origin,
  originOf,
  type Scope,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

/** Copying the names of a scope costs as much as a step for so many of them. */
const BINDINGS_PER_STEP = 20;

interface State {
  readonly scopes: readonly Map<string, Binding>[];
  readonly overlay: Map<string, Value>;
}

/**
 * Runs each of several bodies of which it is not known which one runs, from the same state, and
 * lays their results over each other: where they agree the value stays, else it is unknown and
 * names the condition. A body that ends in an exception did not happen.
 */
export function fork(
  machine: Machine,
  scope: Scope,
  condition: string,
  origin: Origin,
  alternatives: readonly (() => Flow)[],
): Flow {
  const before = capture(machine, scope);
  const { uncertain } = machine;
  machine.steps += Math.ceil(scope.bindings.size / BINDINGS_PER_STEP);
  const states: State[] = [];
  const returned: Value[] = [];
  let raised: Flow | undefined;
  for (const alternative of alternatives) {
    restore(machine, scope, before);
    machine.uncertain = [...uncertain, condition];
    const flow = alternative();
    machine.uncertain = uncertain;
    if (flow.kind === "return") returned.push(withOrigins(flow.value, [origin]));
    else if (flow.kind === "raise") raised = flow;
    else states.push(capture(machine, scope));
  }
  if (states.length > 0) {
    machine.maybeReturned.at(-1)?.push(...returned);
    const [first, ...others] = states;
    if (first !== undefined)
      restore(
        machine,
        scope,
        others.reduce((a, b) => mergeStates(a, b, condition, origin), first),
      );
    return NORMAL;
  }
  restore(machine, scope, before);
  const [first, ...others] = returned;
  if (first === undefined) return raised ?? NORMAL;
  const value = others.reduce((a, b) => mergeValues(a, b, condition, [origin]), first);
  return { kind: "return", value };
}

function chain(scope: Scope): readonly Scope[] {
  const scopes: Scope[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) scopes.push(at);
  return scopes;
}

function capture(machine: Machine, scope: Scope): State {
  return {
    scopes: chain(scope).map(({ bindings }) => new Map(bindings)),
    overlay: new Map(machine.overlay),
  };
}

function restore(machine: Machine, scope: Scope, { scopes, overlay }: State): void {
  for (const [index, at] of chain(scope).entries()) {
    at.bindings.clear();
    for (const [name, binding] of scopes[index] ?? []) at.bindings.set(name, binding);
  }
  machine.overlay = new Map(overlay);
}

function mergeStates(a: State, b: State, condition: string, origin: Origin): State {
  const scopes = a.scopes.map((bindings, index) =>
    mergeBindings(bindings, b.scopes[index] ?? new Map(), condition, origin),
  );
  const overlay = new Map<string, Value>();
  for (const [name, value] of a.overlay) {
    const other = b.overlay.get(name);
    overlay.set(
      name,
      other === value ? value : mergeValues(value, other ?? unset(condition), condition, [origin]),
    );
  }
  for (const [name, value] of b.overlay)
    if (!overlay.has(name))
      overlay.set(name, mergeValues(value, unset(condition), condition, [origin]));
  return { scopes, overlay };
}

function unset(condition: string): Value {
  return unknownValue(`it is set only under ${condition}`);
}

function mergeBindings(
  a: ReadonlyMap<string, Binding>,
  b: ReadonlyMap<string, Binding>,
  condition: string,
  origin: Origin,
): Map<string, Binding> {
  const merged = new Map<string, Binding>();
  for (const [name, binding] of [...a, ...b]) {
    if (merged.has(name)) continue;
    const first = a.get(name);
    const second = b.get(name);
    if (first === second && first !== undefined) merged.set(name, first);
    else {
      const latest = second ?? first ?? binding;
      merged.set(name, { ...latest, value: either(first, second, condition, origin) });
    }
  }
  return merged;
}

function either(
  a: Binding | undefined,
  b: Binding | undefined,
  condition: string,
  origin: Origin,
): Value {
  if (a === undefined || b === undefined) {
    const only = a ?? b;
    const origins = only === undefined ? [origin] : [originOf(only.value), origin];
    return unknownValue(`it is set only under ${condition}, which is not known`, origins);
  }
  return (
    eitherList(a.value, b.value, condition, origin) ??
    mergeValues(a.value, b.value, condition, [origin])
  );
}

/** Of two lists, one with more elements than the other: the shared ones are certain. */
function eitherList(a: Value, b: Value, condition: string, origin: Origin): Value | undefined {
  if (a.kind !== "list" || b.kind !== "list" || a.items.length === b.items.length) return undefined;
  const [short, long] = a.items.length < b.items.length ? [a, b] : [b, a];
  let next = 0;
  const items = long.items.map((item) => {
    if (item === short.items[next]) {
      next += 1;
      return item;
    }
    return unknownValue(`an element that is there only under ${condition}`, [
      originOf(item),
      origin,
    ]);
  });
  if (next !== short.items.length) return undefined;
  return { ...long, items, origin: mergeOrigins([a.origin, b.origin, origin]) };
}
