import { exercise, objectOf } from "../../parsers/python/exercise.ts";
import { createMachine, runEntry } from "../../parsers/python/interpret.ts";
import type { CallRecord, Machine, VariableState } from "../../parsers/python/machine.ts";
import type { CallArguments, Value } from "../../parsers/python/value.ts";
import type { PythonProject } from "../python-project.ts";
import { emptyEnvironment, environmentLookUp, openEnvironment } from "../source-environment.ts";
import type { SourceContext } from "./reader.ts";

/** Text that makes an imported module worth parsing: it sets something up, or decides what is set up. */
const NEEDLE =
  /\benviron\b|getenv|BaseSettings|decouple|configparser|class\s+\w*Config[(:]|\.config\b|[Mm]iddleware|(?:FastAPI|Flask|Starlette)\(|set_cookie|response\.headers|\.headers\[|headers\.setdefault|after_request|before_request|csrf|CSRF|[Tt]alisman|ProxyFix|flask_cors|[Ll]imiter|from_object|import settings|settings\.[A-Za-z]/;

/** Modules that hold settings: what they import may be what they are made with. */
export const SETTINGS_FILE =
  /(?:^|\/)(?:settings|config|configuration|conf|constants)(?:\.py$|\/)|(?:^|[/_])(?:settings|config)\.py$/;

/** UTF-16 units of a module of constants. */
const CONSTANTS_LENGTH_MAX = 16_384;

/** A module that defines nothing and is short holds values that others are set up with. */
function isConstants(text: string): boolean {
  return text.length <= CONSTANTS_LENGTH_MAX && !/^[ \t]*(?:async\s+def|def|class)\b/m.test(text);
}

const WANTED = { test: (text: string): boolean => NEEDLE.test(text) || isConstants(text) };

const NO_ARGUMENTS: CallArguments = { positional: [], named: new Map(), isOpen: false };

/** A middleware as it was registered, outermost last. */
export interface Registered {
  /** Number of the application object it was added to. */
  readonly receiver: number | undefined;
  readonly type: Value;
  readonly record: CallRecord;
  /** Its arguments, of which the first may be the class. */
  readonly call: CallArguments;
}

export interface PythonRun {
  readonly machine: Machine;
  readonly middleware: readonly RunMiddleware[];
}

/** A middleware with the object of a class of the project. */
export interface RunMiddleware extends Registered {
  readonly object?: Value & { readonly kind: "instance" };
}

/** The effective environment, that of a program for which nothing is set, or one of which nothing is known. */
export type RunMode = "live" | "bare" | "open";

const ENVIRONMENTS = {
  live: ({ environment }: SourceContext) => environmentLookUp(environment),
  bare: () => emptyEnvironment,
  open: () => openEnvironment,
} as const;

/** Runs of one project: several readers look at the same. */
const runs = new WeakMap<PythonProject, Map<string, Promise<PythonRun>>>();

/** Runs the file that makes an application, and every middleware that it registers; each only once. */
export function runApplication(
  context: SourceContext,
  file: string,
  mode: RunMode,
): Promise<PythonRun> {
  const known = runs.get(context.python) ?? new Map<string, Promise<PythonRun>>();
  runs.set(context.python, known);
  const key = `${mode} ${file}`;
  const run = known.get(key) ?? runOnce(context, file, mode);
  known.set(key, run);
  return run;
}

async function runOnce(context: SourceContext, file: string, mode: RunMode): Promise<PythonRun> {
  const machine = await runPython(context.python, file, ENVIRONMENTS[mode](context));
  // What they do is recorded behind what the program itself did.
  const middleware = registeredIn(machine.calls).map((each) => runMiddleware(machine, each));
  return { machine, middleware };
}

/** Times a program is run again because it named modules that were not parsed before. */
const ROUNDS_MAX = 3;

/** Runs an application's file with everything that it names, by import or by text. */
export async function runPython(
  python: PythonProject,
  file: string,
  variable: (name: string) => VariableState,
): Promise<Machine> {
  await python.loadClosure(file, { text: WANTED, by: SETTINGS_FILE });
  for (let round = 1; ; round += 1) {
    const machine = createMachine(python.under(variable), file);
    runEntry(machine, file);
    if (machine.wanted.size === 0 || round === ROUNDS_MAX) return machine;
    for (const wanted of machine.wanted) await python.loadClosure(wanted);
  }
}

function registeredIn(calls: readonly CallRecord[]): readonly Registered[] {
  const found: Registered[] = [];
  for (const record of calls) {
    if (record.isUnderMain) continue;
    if (record.path.endsWith(".add_middleware")) found.push(...added(record, record.receiver));
    if (/\.middleware\(\)$|\.(?:before|after)_request$/.test(record.path)) {
      const [type] = record.call.positional;
      const { receiver } = record;
      if (type !== undefined) found.push({ receiver, type, record, call: NO_ARGUMENTS });
    }
    if (/(?:^|\.)(?:FastAPI|Starlette)$/.test(record.path)) found.push(...listed(record));
  }
  return found;
}

function added(record: CallRecord, receiver: number | undefined): readonly Registered[] {
  const { call } = record;
  const type = call.positional[0] ?? call.named.get("middleware_class");
  return type === undefined ? [] : [{ receiver, type, record, call }];
}

/** `Starlette(middleware=[Middleware(A), Middleware(B)])`: the first is the outermost. */
function listed(record: CallRecord): readonly Registered[] {
  const list = record.call.named.get("middleware");
  if (list?.kind !== "list") return [];
  return list.items.toReversed().flatMap((item) => {
    if (item.kind !== "external" || item.made === undefined) return [];
    const { call } = item.made;
    const [type] = call.positional;
    if (type === undefined) return [];
    return [{ receiver: record.id, type, record, call }];
  });
}

function runMiddleware(machine: Machine, each: Registered): RunMiddleware {
  const { type, call } = each;
  if (type.kind === "function") runWithCallbacks(machine, type);
  if (type.kind !== "class") return each;
  const object = objectOf(machine, type, { ...call, positional: [] });
  for (const name of ["dispatch", "__call__"]) {
    const method = object.members.get(name)?.value;
    if (method?.kind === "function") runWithCallbacks(machine, method);
  }
  return { ...each, object };
}

/** Most functions that a middleware hands over (`send_wrapper`) which are run. */
const CALLBACKS_MAX = 8;

function runWithCallbacks(machine: Machine, callee: Parameters<typeof exercise>[1]): void {
  const before = machine.calls.length;
  exercise(machine, callee);
  const given = machine.calls
    .slice(before)
    .flatMap(({ call }) => [...call.positional, ...call.named.values()]);
  for (const value of given.slice(0, CALLBACKS_MAX))
    if (value.kind === "function" && !machine.called.has(value.definition))
      exercise(machine, value);
}
