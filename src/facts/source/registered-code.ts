import type { CallRecord, Machine } from "../../parsers/python/machine.ts";
import type { Expression, FunctionDefinition, Statement } from "../../parsers/python/syntax.ts";
import { UndoMap } from "../../parsers/python/undo-map.ts";
import {
  type FunctionShape,
  NO_ORIGIN,
  type Scope,
  type Value,
} from "../../parsers/python/value.ts";

/** A function through which every answer of the application passes. */
export interface Registered {
  readonly callee: FunctionShape;
  /** What is known of its arguments: the object of a class. */
  readonly known: ReadonlyMap<string, Value>;
}

export interface RegisteredCode {
  readonly functions: readonly Registered[];
  /** Middleware by its name that was not read and may set fields of answers. */
  readonly unread: readonly {
    readonly path: string;
    readonly file: string;
    readonly line: number;
  }[];
}

/** Calls and decorators that put code into the way of every answer. */
const REGISTERING: ReadonlySet<string> = new Set([
  ...["add_middleware", "Middleware", "middleware"],
  ...["after_request", "after_app_request", "teardown_request"],
]);
const MAY_SET_FIELDS = /secur|header|hsts|csp|helmet|talisman/i;

/** What `machine`, having run the application, put into the way of its answers. */
export function registeredCode(machine: Machine): RegisteredCode {
  const records = machine.calls.filter(isRegistration);
  const given = records.flatMap(({ call }) =>
    [call.positional[0], call.named.get("dispatch"), call.named.get("cls")].flatMap((value) =>
      value === undefined ? [] : [{ value, named: call.named }],
    ),
  );
  return {
    functions: [
      ...given.flatMap(({ value, named }) => functionsOf(machine, value, named)),
      ...decorated(machine),
    ],
    unread: [...machine.calls.flatMap(unreadCall), ...records.flatMap(unreadMiddleware)],
  };
}

function isRegistration({ path, isUnderMain }: CallRecord): boolean {
  const name = path.slice(path.lastIndexOf(".") + 1).replace("()", "");
  return !isUnderMain && REGISTERING.has(name);
}

function unreadMiddleware({ call, file, place }: CallRecord): RegisteredCode["unread"] {
  const [first] = call.positional;
  if (first?.kind !== "external") return [];
  const name = first.path.slice(first.path.lastIndexOf(".") + 1);
  return MAY_SET_FIELDS.test(name) ? [{ path: first.path, file, line: place.line }] : [];
}

/** Middleware of Django by its dotted path: that of Django itself and of well-known packages is known. */
export function setsFieldsByName(path: string): boolean {
  const isKnown = /^(?:django|csp|corsheaders|whitenoise|debug_toolbar)\./.test(path);
  return !isKnown && MAY_SET_FIELDS.test(path.slice(path.lastIndexOf(".") + 1));
}

/** `secure.Secure()` and its like: they set fields by defaults of their own. */
const LIBRARY = /^(?:flask_secure_headers|secure|secweb|flask_csp)\b/i;

function unreadCall({ path, file, place, isUnderMain }: CallRecord): RegisteredCode["unread"] {
  return !isUnderMain && LIBRARY.test(path) ? [{ path, file, line: place.line }] : [];
}

const ENTRIES = ["dispatch", "__call__", "process_response", "process_request"];

/** The functions of a class or a function that an answer passes. */
export function functionsOf(
  machine: Machine,
  value: Value,
  named: ReadonlyMap<string, Value>,
): readonly Registered[] {
  if (value.kind === "function") return [{ callee: value, known: new Map() }];
  if (value.kind !== "class") return [];
  const self = objectOf(machine, value, named);
  return ENTRIES.flatMap((name) => {
    const member = value.members.get(name)?.value;
    return member?.kind === "function"
      ? [{ callee: member, known: new Map([["self", self]]) }]
      : [];
  });
}

/** The object of a class as its `__init__` leaves it. */
function objectOf(
  machine: Machine,
  { members }: Value & { kind: "class" },
  named: ReadonlyMap<string, Value>,
): Value {
  const self: Value = { kind: "instance", members, origin: NO_ORIGIN };
  const init = members.get("__init__")?.value;
  if (init?.kind !== "function" || !Array.isArray(init.body)) return self;
  const scope: Scope = {
    ...init.scope,
    kind: "function",
    bindings: new UndoMap(),
    parent: init.scope,
  };
  const bind = (name: string, value: Value): void => {
    scope.bindings.set(name, { value, file: scope.file, line: 0, column: 0 });
  };
  for (const { name, default: given } of init.parameters) {
    const value =
      named.get(name) ?? (given === undefined ? undefined : machine.evaluate(given, init.scope));
    bind(name, value ?? unknownArgument(name));
  }
  bind("self", self);
  machine.execute(init.body, scope);
  return scope.bindings.get("self")?.value ?? self;
}

function unknownArgument(name: string): Value {
  return { kind: "unknown", reason: `the argument ${name} is not known`, origin: NO_ORIGIN };
}

/** `@app.middleware("http")`, `@app.after_request`: of modules that ran, in functions that ran. */
function decorated(machine: Machine): readonly Registered[] {
  return [...machine.modules.values()].flatMap((scope) => {
    if (scope === "loading") return [];
    const body = machine.project.module(scope.file)?.body ?? [];
    return functionsIn(machine, body, scope)
      .filter(isDecorated)
      .flatMap(({ definition }) => [
        {
          callee: {
            ...{ kind: "function" as const, scope, definition },
            ...{ name: definition.name, parameters: definition.parameters, body: definition.body },
          },
          known: new Map<string, Value>(),
        },
      ]);
  });
}

interface Defined {
  readonly definition: FunctionDefinition;
}

function functionsIn(
  machine: Machine,
  body: readonly Statement[],
  scope: Scope | undefined,
): readonly Defined[] {
  return body.flatMap((statement): readonly Defined[] => {
    if (statement.kind === "if")
      return [...statement.branches.map((each) => each.body), statement.otherwise].flatMap(
        (inner) => functionsIn(machine, inner, scope),
      );
    if (statement.kind === "try" || statement.kind === "with")
      return functionsIn(machine, statement.body, scope);
    if (statement.kind !== "function") return [];
    const inner = machine.called.has(statement)
      ? functionsIn(machine, statement.body, undefined)
      : [];
    return isBound(statement, scope) ? [{ definition: statement }, ...inner] : inner;
  });
}

/** A branch that was not taken binds nothing. */
function isBound(definition: FunctionDefinition, scope: Scope | undefined): boolean {
  if (scope === undefined) return true;
  const value = scope.bindings.get(definition.name)?.value;
  return value?.kind !== "function" || value.definition === definition;
}

function isDecorated({ definition }: Defined): boolean {
  return definition.decorators.some((decorator) => REGISTERING.has(nameOf(decorator)));
}

function nameOf(decorator: Expression): string {
  if (decorator.kind === "call") return nameOf(decorator.callee);
  return decorator.kind === "attribute" ? decorator.name : "";
}
