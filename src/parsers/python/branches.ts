import { type Flow, type Machine, NORMAL } from "./machine.ts";
import { mergeValues } from "./merge-values.ts";
import type { UndoMap } from "./undo-map.ts";
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

type Changes = ReadonlyMap<string, Binding | undefined>;

/** What one of the bodies changed: names, for each scope from the inside out, and variables. */
interface Outcome {
  readonly scopes: readonly Changes[];
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
  const scopes = chain(scope).map(({ bindings }) => bindings);
  const { uncertain, overlay } = machine;
  const outcomes: Outcome[] = [];
  const returned: Value[] = [];
  let raised: Flow | undefined;
  for (const alternative of alternatives) {
    for (const bindings of scopes) bindings.mark();
    machine.overlay = new Map(overlay);
    machine.uncertain = [...uncertain, condition];
    const flow = alternative();
    machine.uncertain = uncertain;
    const changes = scopes.map((bindings) => bindings.takeBack());
    if (flow.kind === "return") returned.push(withOrigins(flow.value, [origin]));
    else if (flow.kind === "raise") raised = flow;
    else outcomes.push({ scopes: changes, overlay: machine.overlay });
  }
  machine.overlay = overlay;
  const [outcome, ...further] = outcomes;
  if (outcome !== undefined) {
    machine.maybeReturned.at(-1)?.push(...returned);
    const merged = further.reduce(
      (a, b) => mergeOutcomes(scopes, a, b, condition, origin),
      outcome,
    );
    apply(scopes, merged);
    machine.overlay = merged.overlay;
    return NORMAL;
  }
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

function apply(scopes: readonly UndoMap<Binding>[], outcome: Outcome): void {
  for (const [index, bindings] of scopes.entries())
    for (const [name, binding] of outcome.scopes[index] ?? [])
      if (binding === undefined) bindings.delete(name);
      else bindings.set(name, binding);
}

function mergeOutcomes(
  before: readonly UndoMap<Binding>[],
  a: Outcome,
  b: Outcome,
  condition: string,
  origin: Origin,
): Outcome {
  const scopes = before.map((bindings, index) =>
    mergeChanges(
      bindings,
      a.scopes[index] ?? new Map(),
      b.scopes[index] ?? new Map(),
      condition,
      origin,
    ),
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

function mergeChanges(
  before: UndoMap<Binding>,
  a: Changes,
  b: Changes,
  condition: string,
  origin: Origin,
): Changes {
  const merged = new Map<string, Binding | undefined>();
  for (const name of [...a.keys(), ...b.keys()]) {
    if (merged.has(name)) continue;
    const first = a.has(name) ? a.get(name) : before.get(name);
    const second = b.has(name) ? b.get(name) : before.get(name);
    const latest = second ?? first;
    if (first === second || latest === undefined) merged.set(name, first);
    else merged.set(name, { ...latest, value: either(first, second, condition, origin) });
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
