import { call } from "./call.ts";
import { evaluate } from "./evaluate.ts";
import { execute } from "./execute.ts";
import { withinExtent } from "./extent.ts";
import { isExhausted, type Machine, type Project } from "./machine.ts";
import type { FunctionDefinition } from "./syntax.ts";
import { UndoMap } from "./undo-map.ts";
import { type Scope, unknownValue } from "./value.ts";

/** A machine with nothing run yet. `entryFile`: what stands under its `__main__` is looked at too. */
export function createMachine(project: Project, entryFile?: string): Machine {
  const machine: Machine = {
    project,
    entryFile,
    overlay: new Map(),
    modules: new Map(),
    calls: [],
    stores: [],
    raised: [],
    problems: [],
    openImports: [],
    called: new Set(),
    conditions: [],
    uncertain: [],
    maybeReturned: [],
    steps: 0,
    depth: 0,
    branchDepth: 0,
    mainDepth: 0,
    tryDepth: 0,
    configs: new Map(),
    hiddenConfig: [],
    written: new Set(),
    wanted: new Set(),
    inis: new Map(),
    iniFiles: new Set(),
    nextId: 1,
    evaluate: (expression, scope) => withinExtent(evaluate(machine, expression, scope)),
    execute: (body, scope) => execute(machine, body, scope),
    call: (callee, given, site) => call(machine, callee, given, site),
    load: (file) => load(machine, file),
  };
  return machine;
}

/** Runs a file of the project once; `undefined` when it could not be read or parsed. */
function load(machine: Machine, file: string): Scope | undefined {
  const known = machine.modules.get(file);
  if (known !== undefined) return known === "loading" ? undefined : known;
  const module = machine.project.module(file);
  if (module === undefined) return undefined;
  machine.modules.set(file, "loading");
  const { tryDepth, branchDepth, conditions, uncertain } = machine;
  machine.tryDepth = 0;
  machine.branchDepth = 0;
  machine.conditions = [];
  machine.uncertain = [];
  const scope: Scope = {
    kind: "module",
    bindings: new UndoMap(),
    parent: undefined,
    file,
    source: module.source,
  };
  machine.execute(module.body, scope);
  machine.tryDepth = tryDepth;
  machine.branchDepth = branchDepth;
  machine.conditions = conditions;
  machine.uncertain = uncertain;
  const [error] = module.errors;
  if (isExhausted(machine)) {
    machine.problems.push({ file, detail: "the program is too long to follow" });
    distrust(scope, "the program is too long to follow");
  }
  if (error !== undefined) distrust(scope, `${file} does not parse at line ${error.line}`);
  machine.modules.set(file, scope);
  return scope;
}

/** Python would refuse the whole file: nothing it seems to set is certain. */
function distrust(scope: Scope, reason: string): void {
  for (const [name, binding] of scope.bindings)
    scope.bindings.set(name, {
      ...binding,
      value: unknownValue(reason, [binding.value.origin]),
    });
}

const ROUTES: ReadonlySet<string> = new Set(
  "get post put patch delete head options trace route api_route websocket websocket_route".split(
    " ",
  ),
);

/** A handler of a route (`@app.get("/")`) sets nothing up. */
function isHandler(definition: FunctionDefinition | undefined): boolean {
  return (
    definition?.decorators.some(
      (decorator) =>
        decorator.kind === "call" &&
        decorator.callee.kind === "attribute" &&
        ROUTES.has(decorator.callee.name),
    ) === true
  );
}

/**
 * Runs a file and then looks through its functions that nothing called, with arguments that are
 * not known: an application made in a factory is found there.
 */
export function runEntry(machine: Machine, file: string): Scope | undefined {
  const scope = machine.load(file);
  if (scope === undefined) return undefined;
  for (const { value, line, column } of [...scope.bindings.values()]) {
    if (value.kind !== "function" || value.scope !== scope) continue;
    if (machine.called.has(value.definition) || isHandler(value.definition)) continue;
    const place = { line, column, start: 0, end: 0 };
    machine.call(value, { positional: [], named: new Map(), isOpen: true }, { scope, place });
  }
  return scope;
}
