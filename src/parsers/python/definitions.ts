import type { Machine } from "./machine.ts";
import type { ClassDefinition, FunctionDefinition, Place } from "./syntax.ts";
import { UndoMap } from "./undo-map.ts";
import { type Binding, type Field, NO_ORIGIN, type Scope } from "./value.ts";

/**
 * `def`: decorators are taken to leave the function's result as it is. Those of objects that the program
 * made (`@app.middleware("http")`) are calls like others.
 */
export function defineFunction(
  machine: Machine,
  definition: FunctionDefinition & Place,
  scope: Scope,
): void {
  const { name, parameters, body, decorators, line, column } = definition;
  const value = {
    kind: "function",
    name,
    parameters,
    body,
    scope,
    definition,
    origin: NO_ORIGIN,
  } as const;
  scope.bindings.set(name, { value, file: scope.file, line, column });
  for (const decorator of decorators) {
    const registers = machine.evaluate(decorator, scope);
    if (registers.kind === "external" && registers.made !== undefined)
      machine.call(
        registers,
        { positional: [value], named: new Map(), isOpen: false },
        { scope, place: decorator },
      );
  }
}

/** `class`: its names, over those of the base classes in the project. */
export function defineClass(
  machine: Machine,
  definition: ClassDefinition & Place,
  scope: Scope,
): void {
  const { name, line, column } = definition;
  const bases = definition.bases.map((base) => machine.evaluate(base, scope));
  const inherited = bases.flatMap((base) => (base.kind === "class" ? [base] : [])).toReversed();
  const inner: Scope = { ...scope, kind: "class", bindings: new UndoMap(), parent: scope };
  machine.execute(definition.body, inner);
  const members = new Map<string, Binding>(inherited.flatMap((base) => [...base.members]));
  for (const [key, binding] of inner.bindings) members.set(key, binding);
  const fields = new Map<string, Field>(inherited.flatMap((base) => [...base.fields]));
  for (const statement of definition.body)
    if (
      statement.kind === "assign" &&
      statement.annotation !== undefined &&
      statement.target.kind === "name"
    )
      fields.set(statement.target.name, {
        annotation: statement.annotation,
        file: scope.file,
        line: statement.line,
        column: statement.column,
      });
  scope.bindings.set(name, {
    value: { kind: "class", name, members, bases, fields, origin: NO_ORIGIN },
    file: scope.file,
    line,
    column,
  });
}
