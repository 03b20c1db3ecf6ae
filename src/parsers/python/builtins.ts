import { type CallSite, ITERATIONS_MAX, type Machine } from "./machine.ts";
import { compare } from "./operators.ts";
import { isWriting } from "./path-calls.ts";
import { floatOf, integerOf, printed } from "./text-methods.ts";
import {
  type Binding,
  boolean,
  type CallArguments,
  list,
  mergeOrigins,
  none,
  number,
  type Origin,
  originOf,
  raises,
  text,
  truthOf,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

type Builtin = (
  machine: Machine,
  call: CallArguments,
  site: CallSite,
  origin: Origin,
) => Value | undefined;

/** Names Python defines itself that evaluation knows. */
export function isBuiltin(name: string): boolean {
  return Object.hasOwn(BUILTINS, name) || EXCEPTION.test(name) || name === "object";
}

const EXCEPTION =
  /^[A-Z][A-Za-z]*(?:Error|Exception|Warning|Exit|Interrupt|Iteration)$|^Exception$/;

/** The result of a built-in function; `undefined` when it is not worked out. */
export function callBuiltin(
  machine: Machine,
  name: string,
  call: CallArguments,
  site: CallSite,
): Value | undefined {
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin === undefined) return undefined;
  return builtin(machine, call, site, mergeOrigins(call.positional.map(originOf)));
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  bool: (_machine, { positional: [value] }, _site, origin) => {
    if (value === undefined) return boolean(false);
    const truth = truthOf(value);
    return truth === undefined ? undefined : boolean(truth, marked(origin, "bool()"));
  },
  int: (_machine, { positional: [value] }, _site, origin) => {
    if (value === undefined) return number(0);
    if (value.kind === "text") return integerOf(value.text, marked(origin, "int()"));
    if (value.kind === "number") return number(Math.trunc(value.number), false, origin);
    if (value.kind === "boolean") return number(Number(value.value), false, origin);
    return value.kind === "none" ? raises("TypeError", "int() of None", [origin]) : undefined;
  },
  float: (_machine, { positional: [value] }, _site, origin) => {
    if (value?.kind === "text") return floatOf(value.text, marked(origin, "float()"));
    if (value?.kind === "number") return number(value.number, true, origin);
    return value?.kind === "none" ? raises("TypeError", "float() of None", [origin]) : undefined;
  },
  str: (_machine, { positional: [value] }, _site, origin) => {
    if (value === undefined) return text("");
    const shown = printed(value);
    if (value.kind === "path") return value;
    return shown === undefined ? undefined : text(shown, origin);
  },
  list: convert("list"),
  tuple: convert("tuple"),
  set: convert("set"),
  frozenset: convert("set"),
  sorted: convert("list"),
  reversed: (_machine, { positional: [value] }) =>
    value?.kind === "list" ? { ...value, items: value.items.toReversed() } : undefined,
  dict: (_machine, { positional, named }, _site, origin) => {
    if (positional.length > 0) return positional[0]?.kind === "dict" ? positional[0] : undefined;
    const entries = [...named].map(([key, value]) => ({ key: text(key), value, line: 0 }));
    return { kind: "dict", entries, origin };
  },
  len: (_machine, { positional: [value] }, _site, origin) => {
    if (value?.kind === "text") return number([...value.text].length, false, origin);
    if (value?.kind === "list") return number(value.items.length, false, origin);
    return value?.kind === "dict" ? number(value.entries.length, false, origin) : undefined;
  },
  any: (_machine, { positional: [value] }, _site, origin) => {
    const truths = value?.kind === "list" ? value.items.map(truthOf) : [undefined];
    if (truths.includes(true)) return boolean(true, origin);
    return truths.includes(undefined) ? undefined : boolean(false, origin);
  },
  all: (_machine, { positional: [value] }, _site, origin) => {
    const truths = value?.kind === "list" ? value.items.map(truthOf) : [undefined];
    if (truths.includes(false)) return boolean(false, origin);
    return truths.includes(undefined) ? undefined : boolean(true, origin);
  },
  map: (machine, { positional: [callee, values] }, site, origin) => {
    if (callee === undefined || values?.kind !== "list") return undefined;
    if (values.items.length > ITERATIONS_MAX) return undefined;
    const results = values.items.map((item) => machine.call(callee, positionalCall(item), site));
    return list(results, "list", origin);
  },
  filter: filtered,
  isinstance: () => undefined,
  exec: setsAnything("exec"),
  globals: setsAnything("globals"),
  locals: setsAnything("locals"),
  print: () => none(),
  getattr: (machine, call) => attribute(machine, call),
  hasattr: (machine, call, _site, origin) => {
    const missing: Value = raises("AttributeError", "no such attribute");
    const found = attribute(machine, {
      ...call,
      positional: [...call.positional.slice(0, 2), missing],
    });
    return found === undefined ? undefined : boolean(found.kind !== "raises", origin);
  },
  open: (machine, given, _site, origin) => opened(machine, given, origin),
  max: extreme(">"),
  min: extreme("<"),
  range: (_machine, { positional: [end, ...more] }) => {
    if (end?.kind !== "number" || more.length > 0 || end.number > ITERATIONS_MAX) return undefined;
    return list(Array.from({ length: Math.max(0, end.number) }, (_none, index) => number(index)));
  },
  enumerate: (_machine, { positional: [value] }) =>
    value?.kind === "list"
      ? list(value.items.map((item, index) => list([number(index), item], "tuple")))
      : undefined,
};

/** At module level these may set any name: what is not seen to be set is then not known. */
function setsAnything(name: string): Builtin {
  return (machine, _call, { scope, place }) => {
    if (scope.kind === "module")
      machine.openImports.push({ file: scope.file, line: place.line, path: `${name}()` });
    return undefined;
  };
}

export function positionalCall(...positional: readonly Value[]): CallArguments {
  return { positional, named: new Map(), isOpen: false };
}

function marked(origin: Origin, idiom: string): Origin {
  return origin.reads.length === 0
    ? origin
    : {
        ...origin,
        idiom: origin.idiom === "" ? idiom : `${idiom.replace("()", "")}(${origin.idiom})`,
      };
}

function convert(type: "list" | "tuple" | "set"): Builtin {
  return (_machine, { positional: [value] }, _site, origin) => {
    if (value === undefined) return list([], type);
    if (value.kind === "list") return { ...value, type };
    if (value.kind === "dict")
      return list(
        value.entries.map(({ key }) => key),
        type,
        origin,
      );
    if (value.kind !== "text") return undefined;
    const letters = [...value.text].slice(0, ITERATIONS_MAX).map((letter) => text(letter, origin));
    return list(letters, type, origin);
  };
}

function filtered(
  machine: Machine,
  { positional: [callee, values] }: CallArguments,
  site: CallSite,
  origin: Origin,
): Value | undefined {
  if (callee === undefined || values?.kind !== "list") return undefined;
  if (values.items.length > ITERATIONS_MAX) return undefined;
  const kept: Value[] = [];
  for (const item of values.items) {
    const test = callee.kind === "none" ? item : machine.call(callee, positionalCall(item), site);
    const truth = truthOf(test);
    if (truth === undefined) return undefined;
    if (truth) kept.push(item);
  }
  return list(kept, "list", origin);
}

function attribute(
  machine: Machine,
  { positional: [object, name, fallback] }: CallArguments,
): Value | undefined {
  if (object === undefined || name?.kind !== "text") return undefined;
  const members = membersOf(object);
  if (members !== undefined) return members.get(name.text)?.value ?? fallback;
  if (object.kind !== "external") return undefined;
  if (object.path === "django.conf.settings") return machine.project.setting(name.text) ?? fallback;
  const path = `${object.path}.${name.text}`;
  return { kind: "external", path, origin: object.origin };
}

function membersOf(object: Value): ReadonlyMap<string, Binding> | undefined {
  if (object.kind === "module") return object.scope.bindings;
  return object.kind === "class" || object.kind === "instance" ? object.members : undefined;
}

/** A file of the project that is missing raises unless it is written; what stands in one is not known here. */
function opened(
  machine: Machine,
  { positional: [path, second], named }: CallArguments,
  origin: Origin,
): Value | undefined {
  const name = path?.kind === "path" ? path.path : path?.kind === "text" ? path.text : undefined;
  if (name === undefined) return undefined;
  if (isWriting(named.get("mode") ?? second)) machine.written.add(name);
  if (machine.written.has(name)) return unknownValue("it is read from a file", [origin]);
  if (machine.project.exists(name) === false)
    return raises("FileNotFoundError", "the file does not exist", [origin]);
  return unknownValue("it is read from a file", [origin]);
}

function extreme(operator: string): Builtin {
  return (_machine, { positional }) => {
    const [first] = positional;
    const isOne = positional.length === 1 && first?.kind === "list";
    const [start, ...others] = isOne ? first.items : positional;
    let best = start;
    for (const value of others) best = better(operator, best, value);
    return best === undefined ? undefined : withOrigins(best, others.map(originOf));
  };
}

/** `undefined` once a comparison is not known. */
function better(operator: string, best: Value | undefined, value: Value): Value | undefined {
  const isBetter = best === undefined ? undefined : compare(operator, value, best);
  if (isBetter === undefined) return undefined;
  return isBetter ? value : best;
}
