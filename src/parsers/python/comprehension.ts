import { ITERATIONS_MAX, isExhausted, type Machine, wordsAt } from "./machine.ts";
import type { Comprehension, Place } from "./syntax.ts";
import { bindTarget } from "./targets.ts";
import { UndoMap } from "./undo-map.ts";
import {
  type Entry,
  list,
  mergeOrigins,
  type Origin,
  originOf,
  type Scope,
  truthOf,
  unknownValue,
  type Value,
} from "./value.ts";

/** A list, set, dict or generator built from known sources. */
export function evaluateComprehension(
  machine: Machine,
  expression: Comprehension & Place,
  outer: Scope,
): Value {
  const scope: Scope = { ...outer, kind: "function", bindings: new UndoMap(), parent: outer };
  const collected: { readonly element: Value; readonly value: Value | undefined }[] = [];
  const origins: Origin[] = [];
  const failure = run(machine, expression, 0, scope, collected, origins);
  const origin = mergeOrigins(origins, idiomOf(expression, outer, origins));
  if (failure !== undefined) return { ...failure, origin: mergeOrigins([failure.origin, origin]) };
  if (expression.type === "dict") {
    const entries = collected.flatMap(({ element, value }): readonly Entry[] =>
      value === undefined ? [] : [{ key: element, value, line: expression.line }],
    );
    return { kind: "dict", entries, origin };
  }
  return list(
    collected.map(({ element }) => element),
    expression.type === "set" ? "set" : "list",
    origin,
  );
}

function idiomOf(
  { element, clauses }: Comprehension,
  scope: Scope,
  [first]: readonly Origin[],
): string | undefined {
  const [clause] = clauses;
  if (clause === undefined || first === undefined) return undefined;
  const conditions = clause.conditions.map((condition) => ` if ${wordsAt(scope, condition)}`);
  return `[${wordsAt(scope, element)} for … in ${first.idiom}${conditions.join("")}]`;
}

/** Runs one clause; returns what stops the whole comprehension from being worked out. */
function run(
  machine: Machine,
  expression: Comprehension,
  index: number,
  scope: Scope,
  collected: { element: Value; value: Value | undefined }[],
  origins: Origin[],
): Value | undefined {
  const clause = expression.clauses[index];
  if (clause === undefined) {
    collected.push(elementOf(machine, expression, scope));
    return undefined;
  }
  const source = machine.evaluate(clause.source, scope);
  origins.push(originOf(source));
  const items = iterated(source);
  if (items === undefined) return notIterated(source);
  if (items.length > ITERATIONS_MAX || collected.length > ITERATIONS_MAX)
    return unknownValue("a list too long to follow", [source.origin]);
  for (const item of items) {
    bindTarget(clause.target, item, scope);
    const test = conditionsHold(machine, clause.conditions, scope);
    if (test === undefined) return unknownValue("a condition that is not known", [item.origin]);
    const failure = test
      ? run(machine, expression, index + 1, scope, collected, origins)
      : undefined;
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function elementOf(
  machine: Machine,
  { element, value }: Comprehension,
  scope: Scope,
): { element: Value; value: Value | undefined } {
  return {
    element: machine.evaluate(element, scope),
    value: value === undefined ? undefined : machine.evaluate(value, scope),
  };
}

function notIterated(source: Value): Value {
  return source.kind === "unknown" || source.kind === "raises"
    ? source
    : unknownValue("a list that is not known", [source.origin]);
}

function conditionsHold(
  machine: Machine,
  conditions: Comprehension["clauses"][number]["conditions"],
  scope: Scope,
): boolean | undefined {
  machine.steps += 1;
  if (isExhausted(machine)) return undefined;
  for (const condition of conditions) {
    const truth = truthOf(machine.evaluate(condition, scope));
    if (truth !== true) return truth;
  }
  return true;
}

/** What a loop over the value goes through; `undefined` when that is not known. */
export function iterated(value: Value): readonly Value[] | undefined {
  if (value.kind === "list") return value.items;
  if (value.kind === "dict") return value.entries.map(({ key }) => key);
  if (value.kind === "text")
    return [...value.text].map((letter) => ({ kind: "text", text: letter, origin: value.origin }));
  return undefined;
}
