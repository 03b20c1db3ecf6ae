import { applyMethod, assign, augment, raised, stops } from "./assign.ts";
import { fork } from "./branches.ts";
import { iterated } from "./comprehension.ts";
import { defineClass, defineFunction } from "./definitions.ts";
import { importFrom, importModules } from "./imports.ts";
import {
  conditionAt,
  type Flow,
  ITERATIONS_MAX,
  isExhausted,
  type Machine,
  NORMAL,
  wordsAt,
} from "./machine.ts";
import type { Expression, Statement } from "./syntax.ts";
import { bindTarget } from "./targets.ts";
import { executeTry } from "./try.ts";
import {
  mergeOrigins,
  none,
  type Origin,
  originOf,
  raises,
  type Scope,
  truthOf,
  unknownValue,
  type Value,
} from "./value.ts";

/** Runs statements in order; at module level an exception is noted and the rest still runs. */
export function execute(machine: Machine, body: readonly Statement[], scope: Scope): Flow {
  for (const statement of body) {
    machine.steps += 1;
    if (isExhausted(machine)) return NORMAL;
    const flow = executeOne(machine, statement, scope);
    if (flow.kind === "raise" && isTopLevel(machine, scope)) noteRaised(machine, flow, scope);
    else if (flow.kind !== "normal") return flow;
  }
  return NORMAL;
}

function isTopLevel(machine: Machine, scope: Scope): boolean {
  return scope.kind === "module" && machine.tryDepth === 0 && machine.branchDepth === 0;
}

/** The guard `if not SECRET_KEY: raise ...` makes the names it looks at raising ones. */
function noteRaised(machine: Machine, flow: Flow & { kind: "raise" }, scope: Scope): void {
  const reason = `${flow.reason} (${scope.file}:${flow.line})`;
  machine.raised.push({ file: scope.file, line: flow.line, reason });
  for (const name of flow.names) {
    const binding = scope.bindings.get(name);
    if (binding === undefined || binding.value.kind === "external") continue;
    const value = raises(flow.exception, reason, [originOf(binding.value), flow.origin]);
    scope.bindings.set(name, { ...binding, value });
  }
}

function executeOne(machine: Machine, statement: Statement, scope: Scope): Flow {
  switch (statement.kind) {
    case "assign":
      if (statement.value === undefined) return NORMAL;
      return assign(machine, statement.target, machine.evaluate(statement.value, scope), scope);
    case "augment":
      return augment(machine, statement, scope);
    case "expression":
      return expressionStatement(machine, statement.value, scope);
    case "import":
      return importModules(machine, statement, scope);
    case "import-from":
      return importFrom(machine, statement, scope);
    case "if":
      return branch(machine, statement, 0, scope);
    case "try":
      return executeTry(machine, statement, scope);
    case "with":
      return executeWith(machine, statement, scope);
    case "for":
      return executeFor(machine, statement, scope);
    case "maybe":
      return perhaps(machine, statement.what, statement.bodies, scope);
    case "function":
      defineFunction(machine, statement, scope);
      return NORMAL;
    case "class":
      defineClass(machine, statement, scope);
      return NORMAL;
    case "return":
      return returned(machine, statement, scope);
    case "raise":
      return raiseStatement(machine, statement, scope);
    case "jump":
      return { kind: statement.to };
    case "delete":
      return deleted(statement.targets, scope);
    case "nothing":
      return NORMAL;
  }
}

function expressionStatement(machine: Machine, expression: Expression, scope: Scope): Flow {
  if (applyMethod(machine, expression, scope)) return NORMAL;
  const value = machine.evaluate(expression, scope);
  if (value.kind !== "raises") return NORMAL;
  const isPassed = scope.kind === "function" && !stops(machine, scope, value);
  return isPassed ? NORMAL : raised(value, expression.line);
}

function deleted(targets: readonly Expression[], scope: Scope): Flow {
  for (const target of targets) if (target.kind === "name") scope.bindings.delete(target.name);
  return NORMAL;
}

function returned(
  machine: Machine,
  { value, line }: Statement & { kind: "return" },
  scope: Scope,
): Flow {
  const result: Value = value === undefined ? none() : machine.evaluate(value, scope);
  if (result.kind === "raises") return raised(result, line);
  const origin = mergeOrigins([result.origin, ...machine.conditions]);
  return { kind: "return", value: { ...result, origin } };
}

function raiseStatement(
  machine: Machine,
  { value, line }: Statement & { kind: "raise" },
  scope: Scope,
): Flow {
  const written = value === undefined ? "exception" : wordsAt(scope, value);
  const exception = /^[\w.]{1,80}/.exec(written)?.[0].replace(/^.*\./, "") ?? "exception";
  const origin = mergeOrigins(machine.conditions);
  const reason = `the code raises ${exception}`;
  return { kind: "raise", exception, reason, line, names: [], origin };
}

/** One `if`/`elif`; what is not known is run both ways. */
function branch(
  machine: Machine,
  statement: Statement & { kind: "if" },
  index: number,
  scope: Scope,
): Flow {
  const current = statement.branches[index];
  if (current === undefined) return machine.execute(statement.otherwise, scope);
  const { test, body } = current;
  if (isMainGuard(test)) return underMain(machine, body, scope);
  const condition = machine.evaluate(test, scope);
  if (condition.kind === "raises" && stops(machine, scope, condition))
    return raised(condition, test.line);
  const origin = originOf(condition);
  const rest = (): Flow => branch(machine, statement, index + 1, scope);
  const truth = truthOf(condition);
  if (truth === undefined) {
    const flow = withConditions(machine, origin, () =>
      fork(machine, scope, conditionAt(scope, test), origin, [
        () => inBranch(machine, () => machine.execute(body, scope)),
        () => inBranch(machine, rest),
      ]),
    );
    const isNoted = condition.kind === "raises" && scope.kind !== "function";
    return isNoted ? raised(condition, test.line) : flow;
  }
  const flow = withConditions(machine, origin, () =>
    truth ? inBranch(machine, () => machine.execute(body, scope)) : rest(),
  );
  // Had it held, nothing behind would have run: what the function returns goes by it all the same.
  if (!truth && scope.kind === "function" && body.at(-1)?.kind === "return")
    machine.conditions = [...machine.conditions, { ...origin, idiom: "" }];
  if (flow.kind !== "raise" || !truth) return flow;
  return { ...flow, names: [...flow.names, ...namesIn(test)] };
}

function inBranch(machine: Machine, run: () => Flow): Flow {
  machine.branchDepth += 1;
  const flow = run();
  machine.branchDepth -= 1;
  return flow;
}

function withConditions(machine: Machine, origin: Origin, run: () => Flow): Flow {
  const before = machine.conditions;
  if (origin.reads.length > 0) machine.conditions = [...before, { ...origin, idiom: "" }];
  const flow = run();
  machine.conditions = before;
  return flow;
}

function isMainGuard(test: Expression): boolean {
  return (
    test.kind === "compare" &&
    test.operators[0] === "==" &&
    test.operands.some((operand) => operand.kind === "name" && operand.name === "__name__")
  );
}

/** What stands under `__main__` runs in entry files only, and is marked. */
function underMain(machine: Machine, body: readonly Statement[], scope: Scope): Flow {
  if (machine.entryFile !== scope.file) return NORMAL;
  machine.mainDepth += 1;
  const flow = machine.execute(body, scope);
  machine.mainDepth -= 1;
  return flow.kind === "raise" ? NORMAL : flow;
}

/** Names a condition stands on, for the guard in front of a `raise`. */
function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "name":
      return [expression.name];
    case "not":
    case "unary":
      return namesIn(expression.operand);
    case "logical":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case "compare":
      return expression.operands.flatMap(namesIn);
    case "call":
      return expression.arguments.flatMap(({ value }) => namesIn(value));
    case "walrus":
      return [expression.name];
    case "attribute":
      return namesIn(expression.object);
    default:
      return [];
  }
}

function executeWith(
  machine: Machine,
  { items, body }: Statement & { kind: "with" },
  scope: Scope,
): Flow {
  for (const { value, target } of items) {
    const opened = machine.evaluate(value, scope);
    if (opened.kind === "raises") return raised(opened, value.line);
    if (target !== undefined) bindTarget(target, opened, scope);
  }
  return machine.execute(body, scope);
}

function executeFor(machine: Machine, statement: Statement & { kind: "for" }, scope: Scope): Flow {
  const source = machine.evaluate(statement.source, scope);
  const items = iterated(source);
  if (items === undefined || items.length > ITERATIONS_MAX) {
    bindTarget(statement.target, unknownValue("an element of a loop", [originOf(source)]), scope);
    return perhaps(
      machine,
      `for … in ${conditionAt(scope, statement.source)}`,
      [statement.body],
      scope,
    );
  }
  return withConditions(machine, originOf(source), () => {
    for (const item of items) {
      machine.steps += 1;
      if (isExhausted(machine)) break;
      bindTarget(statement.target, item, scope);
      const flow = inBranch(machine, () => machine.execute(statement.body, scope));
      if (flow.kind === "break") break;
      if (flow.kind === "return" || flow.kind === "raise") return flow;
    }
    return NORMAL;
  });
}

/** Bodies of which none, one or several may run. */
function perhaps(
  machine: Machine,
  what: string,
  bodies: readonly (readonly Statement[])[],
  scope: Scope,
): Flow {
  const origin = mergeOrigins(machine.conditions);
  return fork(machine, scope, what, origin, [
    () => NORMAL,
    ...bodies.map((body) => () => inBranch(machine, () => machine.execute(body, scope))),
  ]);
}
