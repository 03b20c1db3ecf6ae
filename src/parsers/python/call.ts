import { callBuiltin, isBuiltin } from "./builtins.ts";
import { collectionMethod } from "./collection-methods.ts";
import { readVariable } from "./environment-read.ts";
import { keptValue } from "./kept-secret.ts";
import { callLibrary } from "./library-calls.ts";
import {
  CALL_DEPTH_MAX,
  type CallSite,
  type Machine,
  RECORDS_MAX,
  uncertainty,
} from "./machine.ts";
import { mergeValues } from "./merge-values.ts";
import { pathMethod } from "./path-calls.ts";
import { instantiate } from "./pydantic.ts";
import type { Statement } from "./syntax.ts";
import { textMethod } from "./text-methods.ts";
import { UndoMap } from "./undo-map.ts";
import {
  type CallArguments,
  type FunctionShape,
  list,
  mergeOrigins,
  NO_ORIGIN,
  none,
  originOf,
  raises,
  type Scope,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

/** The result of a call, as far as it can be told. Never throws. */
export function call(machine: Machine, callee: Value, given: CallArguments, site: CallSite): Value {
  const failed = [...given.positional, ...given.named.values()].find(
    ({ kind }) => kind === "raises",
  );
  if (failed !== undefined) {
    // What it would have been set up with is told all the same.
    if (callee.kind === "external" && APPLICATION_CLASS.test(callee.path))
      return callExternal(machine, callee, given, site);
    if (callee.kind === "external") record(machine, callee, given, site);
    return variableOver(machine, callee, given) ?? failed;
  }
  switch (callee.kind) {
    case "external":
      return callExternal(machine, callee, given, site);
    case "function":
      return callFunction(machine, callee, given);
    case "class": {
      const base = applicationBase(callee, 0);
      if (base !== undefined) return makeApplication(machine, callee, base, given, site);
      if (given.named.has("allow_origins"))
        record(
          machine,
          { kind: "external", path: `own.${callee.name}`, origin: NO_ORIGIN },
          given,
          site,
        );
      return instantiate(machine, callee, given);
    }
    case "method":
      return callMethod(machine, callee, given, site);
    default:
      return unknownValue("the result of a call that is not worked out", [callee.origin]);
  }
}

/** `os.getenv(NAME, default)` with a default that raises: the variable itself may be set all the same. */
function variableOver(machine: Machine, callee: Value, given: CallArguments): Value | undefined {
  const [name, fallback] = given.positional;
  const isLookUp = callee.kind === "external" && /^os\.(?:getenv|environ\.get)$/.test(callee.path);
  if (!isLookUp || name?.kind !== "text" || fallback?.kind !== "raises") return undefined;
  return readVariable(machine, name.text, { kind: "default", value: fallback });
}

/** Application classes of Flask, Quart, Starlette and FastAPI. */
const APPLICATION_CLASS =
  /^(?:flask\.(?:app\.)?Flask|quart\.(?:app\.)?Quart|starlette\.applications\.Starlette|fastapi\.(?:applications\.)?FastAPI)$/;
const BASES_DEPTH_MAX = 8;

/** The framework's class that a class of the project extends: its objects are the framework's. */
function applicationBase(
  { bases }: Value & { kind: "class" },
  depth: number,
): (Value & { kind: "external" }) | undefined {
  for (const base of bases) {
    if (base.kind === "external" && APPLICATION_CLASS.test(base.path)) return base;
    const found =
      base.kind === "class" && depth < BASES_DEPTH_MAX
        ? applicationBase(base, depth + 1)
        : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An object of a class that extends the framework's: what its own `__init__` does is done to it. */
function makeApplication(
  machine: Machine,
  type: Value & { kind: "class" },
  base: Value & { kind: "external" },
  given: CallArguments,
  site: CallSite,
): Value {
  const made = callExternal(machine, base, given, site);
  const init = type.members.get("__init__")?.value;
  if (init?.kind === "function")
    machine.call(init, { ...given, positional: [made, ...given.positional] }, site);
  return made;
}

/** Notes a call; the number of its result. */
function record(
  machine: Machine,
  { path, made }: Value & { kind: "external" },
  call: CallArguments,
  { scope, place }: CallSite,
): number {
  const id = machine.nextId;
  machine.nextId += 1;
  if (machine.calls.length < RECORDS_MAX)
    machine.calls.push({
      path,
      call,
      id,
      receiver: made?.id,
      file: scope.file,
      place,
      isUnderMain: machine.mainDepth > 0,
      ...uncertainty(machine),
    });
  return id;
}

function callExternal(
  machine: Machine,
  callee: Value & { kind: "external" },
  given: CallArguments,
  site: CallSite,
): Value {
  const { path } = callee;
  const id = record(machine, callee, given, site);
  const origin = mergeOrigins([...given.positional, ...given.named.values()].map(originOf));
  const [first] = given.positional;
  if (isBuiltin(path)) {
    const result = callBuiltin(machine, path, given, site);
    if (result !== undefined) return result;
    const reason = first?.kind === "unknown" ? first.reason : `${path}() is not worked out here`;
    return unknownValue(reason, [origin]);
  }
  if (path.startsWith("str.") && first?.kind === "text") {
    const rest = { ...given, positional: given.positional.slice(1) };
    return textMethod(first.text, path.slice(4), rest, first.origin);
  }
  const result = callLibrary(machine, callee, given, site);
  if (result !== undefined) return result;
  return { kind: "external", path: `${path}()`, made: { id, call: given }, origin };
}

function callMethod(
  machine: Machine,
  { receiver, name }: Value & { kind: "method" },
  given: CallArguments,
  site: CallSite,
): Value {
  const origin = mergeOrigins([receiver.origin, ...given.positional.map(originOf)], methodIdiom());
  switch (receiver.kind) {
    case "text":
      return textMethod(receiver.text, name, given, origin);
    case "path":
      return (
        pathMethod(machine, receiver.path, name, given, origin) ??
        unknownValue(`${name}() is not worked out here`, [origin])
      );
    case "list":
    case "dict":
      return (
        collectionMethod(receiver, name, given, origin) ??
        unknownValue(`${name}() is not worked out here`, [origin])
      );
    case "none":
      return raises("AttributeError", `None has no ${name}`, [origin]);
    default:
      return unknownValue(`${name}() is not worked out here`, [origin]);
  }

  /** `.lower()`, `split(",")`: what the code does to the text, with short plain arguments. */
  function methodIdiom(): string {
    const written = site.scope.source.slice(site.place.start, site.place.end);
    const tail = written.slice(written.lastIndexOf(`.${name}(`)).replace(/\s+/g, " ");
    return `${receiver.origin.idiom}${tail.length <= 40 && !tail.includes("\n") ? tail : `.${name}()`}`;
  }
}

function callFunction(machine: Machine, callee: FunctionShape, given: CallArguments): Value {
  if (machine.depth >= CALL_DEPTH_MAX) return unknownValue("calls nested too deeply to follow");
  const scope: Scope = {
    ...callee.scope,
    kind: "function",
    bindings: new UndoMap(),
    parent: callee.scope,
  };
  bindParameters(machine, callee, given, scope);
  if (!isBlock(callee.body)) return machine.evaluate(callee.body, scope);
  return keptValue(runBody(machine, callee, callee.body, scope), callee.definition);
}

function runBody(
  machine: Machine,
  callee: FunctionShape,
  body: readonly Statement[],
  scope: Scope,
): Value {
  machine.called.add(callee.definition);
  machine.depth += 1;
  machine.maybeReturned.push([]);
  const conditions = machine.conditions;
  machine.conditions = [];
  const flow = machine.execute(body, scope);
  machine.conditions = conditions;
  machine.depth -= 1;
  const maybe = machine.maybeReturned.pop() ?? [];
  if (flow.kind === "raise" && maybe.length === 0)
    return raises(flow.exception, flow.reason, [flow.origin]);
  const last = flow.kind === "raise" ? [] : [flow.kind === "return" ? flow.value : none()];
  const [first, ...others] = [...maybe, ...last];
  if (first === undefined) return none();
  return others.reduce(
    (merged, value) => mergeValues(merged, value, `a condition in ${callee.name}()`, []),
    first,
  );
}

function isBlock(
  body: FunctionShape["body"],
): body is Extract<FunctionShape["body"], readonly unknown[]> {
  return Array.isArray(body);
}

function bindParameters(
  machine: Machine,
  { parameters, scope: outer }: FunctionShape,
  { positional, named, isOpen }: CallArguments,
  scope: Scope,
): void {
  const names = new Set(parameters.map(({ name }) => name));
  let next = 0;
  for (const parameter of parameters) {
    let value: Value | undefined;
    if (parameter.spread === "*") {
      value = list(positional.slice(next), "tuple");
      next = positional.length;
    } else if (parameter.spread === "**") {
      const rest = [...named].filter(([name]) => !names.has(name));
      value = {
        kind: "dict",
        entries: rest.map(([name, item]) => ({ key: text(name), value: item, line: 0 })),
        origin: mergeOrigins([]),
      };
    } else if (named.has(parameter.name)) value = named.get(parameter.name);
    else value = positional[next++];
    if (value === undefined && parameter.default !== undefined && !isOpen)
      value = machine.evaluate(parameter.default, outer);
    scope.bindings.set(parameter.name, {
      value: value ?? unknownValue(`the argument ${parameter.name} is not known`),
      file: scope.file,
      line: 0,
      column: 0,
    });
  }
}
