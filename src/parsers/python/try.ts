import type { Flow, Machine } from "./machine.ts";
import type { Place, Try } from "./syntax.ts";
import type { Scope } from "./value.ts";

/** `try` with its handlers: an exception in the body goes to the first handler that names it. */
export function executeTry(machine: Machine, statement: Try & Place, scope: Scope): Flow {
  machine.tryDepth += 1;
  const flow = machine.execute(statement.body, scope);
  machine.tryDepth -= 1;
  const outcome = afterBody(machine, statement, flow, scope);
  const last = machine.execute(statement.finally, scope);
  return last.kind === "normal" ? outcome : last;
}

function afterBody(machine: Machine, statement: Try & Place, flow: Flow, scope: Scope): Flow {
  if (flow.kind === "normal") return machine.execute(statement.otherwise, scope);
  if (flow.kind !== "raise") return flow;
  const handler = statement.handlers.find(({ exceptions }) => catches(exceptions, flow.exception));
  return handler === undefined ? flow : machine.execute(handler.body, scope);
}

/** Base classes of the exceptions that evaluation raises (Python library reference). */
const BASES: Readonly<Record<string, readonly string[]>> = {
  ModuleNotFoundError: ["ImportError"],
  KeyError: ["LookupError"],
  IndexError: ["LookupError"],
  FileNotFoundError: ["OSError", "IOError", "EnvironmentError"],
  ZeroDivisionError: ["ArithmeticError"],
};

function catches(exceptions: readonly string[], exception: string): boolean {
  if (exceptions.length === 0) return true;
  const names = exceptions.map((name) => name.replace(/^.*\./, ""));
  const bases = Object.hasOwn(BASES, exception) ? (BASES[exception] ?? []) : [];
  return names.some(
    (name) =>
      name === "Exception" ||
      name === "BaseException" ||
      name === exception ||
      bases.includes(name),
  );
}
