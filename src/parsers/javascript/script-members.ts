import { mergeOrigins } from "../python/value.ts";
import { MODULE } from "./exports.ts";
import { hereOf, placed, type ScriptMachine } from "./script-machine.ts";
import type { ScriptModule } from "./script-module.ts";
import {
  external,
  readValue,
  type ScriptMember,
  type ScriptValue,
  scriptNone,
  scriptNumber,
  scriptUnknown,
} from "./script-value.ts";
import { isFunctionNode, keyOf, nodeOf, nodesOf, type SyntaxNode, textOf } from "./syntax.ts";

const HOPS_MAX = 8;

export function moduleValue(file: string): ScriptValue {
  return { kind: "module", file, origin: mergeOrigins([]) };
}

/** A member of a value; what a value surely has not is `undefined` in JavaScript. */
export function memberOf(machine: ScriptMachine, held: ScriptValue, key: string): ScriptValue {
  switch (held.kind) {
    case "object":
      return objectMember(machine, held, key);
    case "module":
      return exportedValue(machine, held.file, key);
    case "external":
      return externalMember(machine, held.path, key);
    case "list":
      return listMember(held, key);
    case "text":
      return key === "length"
        ? scriptNumber(held.text.length, held.origin)
        : scriptUnknown("it is only known at run time", held);
    case "class":
      return staticMember(machine, held.node, held.scope, key);
    case "none":
      return scriptNone(held.origin);
    case "unknown":
      return scriptUnknown(held.reason, held);
    default:
      return scriptUnknown("it is only known at run time", held);
  }
}

function objectMember(
  machine: ScriptMachine,
  held: ScriptValue & { readonly kind: "object" },
  key: string,
): ScriptValue {
  const found = held.members.get(key);
  if (found === undefined)
    return held.isOpen
      ? scriptUnknown(`${key} is not among the members that are known`, held)
      : scriptNone(held.origin);
  const { value } = found;
  // A getter is what it returns.
  if (value.kind === "function" && value.node["kind"] === "get")
    return getterValue(machine, held.members, value);
  return value.place === undefined ? { ...value, place: found.place } : value;
}

function getterValue(
  machine: ScriptMachine,
  members: ReadonlyMap<string, ScriptMember>,
  { node, scope }: ScriptValue & { readonly kind: "function" | "class" },
): ScriptValue {
  const body = nodeOf(node, "body");
  const returned = body === undefined ? [] : nodesOf(body, "body");
  const [first] = returned;
  const argument = first?.type === "ReturnStatement" ? nodeOf(first, "argument") : undefined;
  if (argument === undefined) return scriptUnknown("a getter decides at run time");
  machine.selves.push(new Map(members));
  const value = machine.evaluate(argument, scope);
  machine.selves.pop();
  return value;
}

/** `process.env` is the environment; everything else keeps its path. */
function externalMember(machine: ScriptMachine, path: string, key: string): ScriptValue {
  if (path === "process.env") return readVariable(machine, key);
  if (key === "default") return external(path);
  return external(`${path}.${key}`);
}

export function readVariable(machine: ScriptMachine, variable: string): ScriptValue {
  const state = machine.variable(variable);
  const read = { variable, state: state.state, fallback: undefined };
  switch (state.state) {
    case "set":
      return readValue(read, state.text);
    case "unset":
      return readValue(read, undefined);
    case "unknown":
      return {
        kind: "unknown",
        reason: state.reason,
        origin: { reads: [read], idiom: "" },
      };
  }
}

function listMember(held: ScriptValue & { readonly kind: "list" }, key: string): ScriptValue {
  if (key === "length" && !held.isOpen) return scriptNumber(held.items.length, held.origin);
  const index = /^\d{1,6}$/.test(key) ? Number(key) : undefined;
  const item = index === undefined ? undefined : held.items[index];
  if (item !== undefined) return item;
  if (index === undefined || held.isOpen)
    return scriptUnknown("it is only known at run time", held);
  return scriptNone(held.origin);
}

function staticMember(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: Parameters<ScriptMachine["evaluate"]>[1],
  key: string,
): ScriptValue {
  const found = membersIn(node).find(
    (each) => each["static"] === true && keyOf(each, "key") === key,
  );
  if (found === undefined) return scriptUnknown("it is only known at run time");
  if (isFunctionNode(found))
    return placed({ kind: "function", node: found, scope, origin: mergeOrigins([]) }, found, scope);
  const value = nodeOf(found, "value");
  if (value === undefined) return scriptUnknown("it is only known at run time");
  return { ...machine.evaluate(value, scope), place: hereOf(found, scope) };
}

function membersIn(node: SyntaxNode): readonly SyntaxNode[] {
  const body = nodeOf(node, "body");
  return body === undefined ? [] : nodesOf(body, "body");
}

/** What a file of the project exports under a name; "default" is all of it for CommonJS. */
export function exportedValue(
  machine: ScriptMachine,
  file: string,
  name: string,
  hops = 0,
): ScriptValue {
  if (hops > HOPS_MAX) return scriptUnknown("it is handed on too often");
  const module = machine.files.moduleOf(file);
  if (module === undefined) return scriptUnknown(`${file} was not read`);
  const found = module.exports.get(name);
  if (found?.kind === "value") return machine.evaluate(found.node, found.scope);
  if (found?.kind === "from") return through(machine, file, found.specifier, found.name, hops);
  const isAll = name === "default" || name === MODULE;
  const common = module.exports.get(MODULE);
  if (common?.kind === "value") {
    const all = machine.evaluate(common.node, common.scope);
    return isAll ? all : memberOf(machine, all, name);
  }
  return isAll ? moduleValue(file) : starredValue(machine, module, name, hops);
}

/** `export * from "./x"`. */
function starredValue(
  machine: ScriptMachine,
  { file, stars }: ScriptModule,
  name: string,
  hops: number,
): ScriptValue {
  for (const star of stars) {
    const value = through(machine, file, star, name, hops);
    if (value.kind !== "unknown" && value.kind !== "none") return value;
  }
  return scriptUnknown(`${file} exports no ${name} that could be told`);
}

function through(
  machine: ScriptMachine,
  file: string,
  specifier: string,
  name: string,
  hops: number,
): ScriptValue {
  const target = machine.files.resolve(file, specifier);
  if (target !== undefined) return exportedValue(machine, target, name, hops + 1);
  return external(`${specifier.replace(/^node:/, "")}.${name}`);
}

/** `require("./x")`: what the file assigns to `module.exports`, or all that it exports. */
export function requiredValue(
  machine: ScriptMachine,
  from: string,
  specifier: string,
): ScriptValue {
  const file = machine.files.resolve(from, specifier);
  if (file === undefined) return external(specifier.replace(/^node:/, ""));
  const module = machine.files.moduleOf(file);
  if (module === undefined) return scriptUnknown(`${file} was not read`);
  const common = module.exports.get(MODULE);
  return common?.kind === "value" ? machine.evaluate(common.node, common.scope) : moduleValue(file);
}

/** An object of a class of the project: its fields, getters and methods. */
export function instanceOf(
  machine: ScriptMachine,
  held: ScriptValue & { readonly kind: "function" | "class" },
): ScriptValue {
  const { node, scope } = held;
  const members = new Map<string, ScriptMember>();
  const own = membersIn(node).filter(
    (each) => each["static"] !== true && textOf(each, "kind") !== "constructor",
  );
  for (const each of own.filter(isFunctionNode)) {
    const key = keyOf(each, "key");
    const place = hereOf(each, scope);
    if (key === undefined) continue;
    const value = { kind: "function", node: each, scope, origin: mergeOrigins([]), place } as const;
    members.set(key, { value, place });
  }
  machine.selves.push(members);
  for (const each of own) {
    const key = keyOf(each, "key");
    const value = nodeOf(each, "value");
    // Decorators stand before the name, often on lines of their own.
    const place = hereOf(nodeOf(each, "key") ?? each, scope);
    if (key !== undefined && value !== undefined)
      members.set(key, { value: { ...machine.evaluate(value, scope), place }, place });
  }
  machine.selves.pop();
  return { kind: "object", members, isOpen: true, origin: mergeOrigins([]) };
}
