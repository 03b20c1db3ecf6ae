import { mergeOrigins } from "../python/value.ts";
import {
  lookUp,
  type PathStep,
  type ScriptBinding,
  type ScriptChange,
  type ScriptCondition,
  type ScriptScope,
} from "./scopes.ts";
import { hereOf, placed, type ScriptMachine } from "./script-machine.ts";
import { exportedValue, memberOf, moduleValue } from "./script-members.ts";
import {
  external,
  type ScriptMember,
  type ScriptValue,
  scriptNone,
  scriptNumber,
  scriptTruth,
  scriptUnknown,
  type ToldCondition,
  withScriptOrigins,
} from "./script-value.ts";
import { type SyntaxNode, textOf } from "./syntax.ts";

type Variable = ScriptBinding & { readonly kind: "variable" };

/** What a name holds where it is used. */
export function nameValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const name = textOf(node, "name") ?? "";
  const found = lookUp(scope, name);
  if (found === undefined) return globalValue(name);
  const { binding, scope: home } = found;
  switch (binding.kind) {
    case "variable":
      return changed(machine, variableValue(machine, binding, home), binding.changes);
    case "parameter":
      return changed(machine, parameterValue(machine, binding, home), binding.changes);
    case "import":
      return importedValue(machine, home.file, binding.specifier, binding.name);
    case "function":
    case "class": {
      const origin = mergeOrigins([]);
      return placed(
        { kind: binding.kind, node: binding.node, scope: home, origin },
        binding.node,
        home,
      );
    }
  }
}

function globalValue(name: string): ScriptValue {
  if (name === "undefined") return scriptNone();
  if (name === "NaN") return scriptNumber(Number.NaN);
  if (name === "Infinity") return scriptNumber(Number.POSITIVE_INFINITY);
  return external(name);
}

function importedValue(
  machine: ScriptMachine,
  from: string,
  specifier: string,
  name: string,
): ScriptValue {
  const file = machine.files.resolve(from, specifier);
  if (file !== undefined) {
    return name === "*" ? moduleValue(file) : exportedValue(machine, file, name);
  }
  const path = packageName(specifier);
  return external(name === "*" || name === "default" ? path : `${path}.${name}`);
}

export function packageName(specifier: string): string {
  return specifier.replace(/^node:/, "");
}

function variableValue(machine: ScriptMachine, binding: Variable, home: ScriptScope): ScriptValue {
  const { init, later, name } = binding;
  const all = init === undefined ? later : [{ node: init, scope: home }, ...later];
  const [only] = all;
  if (only === undefined) return scriptUnknown("nothing is assigned to it that could be told");
  if (all.length > 1) {
    const values = all.map((each) => machine.evaluate(each.node, each.scope));
    const set = values.filter(({ kind }) => kind !== "none");
    const [first] = set;
    // `let x; … x = value` and `let x = null; … x = value` alike.
    if (first !== undefined && set.length === 1 && later.length === 1) return first;
    return placed(scriptUnknown("it is assigned in several places", ...values), name, home);
  }
  const value = machine.evaluate(only.node, only.scope);
  const isPlain = value.kind !== "object" && value.kind !== "function" && value.kind !== "class";
  const told = alongPath(machine, value, binding.path, home);
  const isOwn = binding.path.length === 0 && isPlain && !isSameName(only.node);
  return isOwn || told.place === undefined ? placed(told, name, home) : told;
}

/** `const a = b` has the place of what `b` is. */
function isSameName({ type }: SyntaxNode): boolean {
  return type === "Identifier" || /MemberExpression$/.test(type);
}

function parameterValue(
  machine: ScriptMachine,
  binding: ScriptBinding & { readonly kind: "parameter" },
  home: ScriptScope,
): ScriptValue {
  const frame = machine.frames.findLast(({ owner }) => owner === home.owner);
  const given = frame?.values[binding.index];
  if (frame === undefined)
    return placed(scriptUnknown("it is an argument of a function"), binding.name, home);
  const value = given ?? scriptNone();
  return alongPath(machine, value, binding.path, home);
}

/** Follows a destructuring pattern into a value. */
function alongPath(
  machine: ScriptMachine,
  value: ScriptValue,
  path: readonly PathStep[],
  home: ScriptScope,
): ScriptValue {
  let at = value;
  for (const { key, fallback } of path) {
    const before = at;
    if (key !== "") at = memberOf(machine, at, key);
    if (at.kind === "none" && fallback !== undefined)
      at = withScriptOrigins(machine.evaluate(fallback, home), [at]);
    else if (before.origin.reads.length > 0) at = withScriptOrigins(at, [before]);
  }
  return at;
}

/** Lays `x.push(…)` and `x.y = …` over what the name was declared with. */
function changed(
  machine: ScriptMachine,
  value: ScriptValue,
  changes: readonly ScriptChange[],
): ScriptValue {
  let told = value;
  for (const change of changes) {
    if (machine.active.has(change.node)) continue;
    machine.active.add(change.node);
    told = applied(machine, told, change, change.path);
    machine.active.delete(change.node);
  }
  return told;
}

function applied(
  machine: ScriptMachine,
  value: ScriptValue,
  change: ScriptChange,
  path: readonly string[],
): ScriptValue {
  const [key, ...rest] = path;
  if (change.kind === "push" && key === undefined) return pushed(machine, value, change);
  if (change.kind === "any" && key === undefined) return opened(machine, value);
  if (value.kind !== "object" || key === undefined) return value;
  const before = value.members.get(key);
  if (rest.length > 0 || change.kind !== "assign") {
    if (before === undefined) return { ...value, isOpen: true };
    const inner = { ...before, value: applied(machine, before.value, change, rest) };
    return { ...value, members: new Map([...value.members, [key, inner]]) };
  }
  const member = assigned(machine, before, change);
  if (member === undefined) return value;
  return { ...value, members: new Map([...value.members, [key, member]]) };
}

/** Any of its members may be another than is written: one of a file of settings, or not known. */
function opened(machine: ScriptMachine, value: ScriptValue): ScriptValue {
  if (value.kind !== "object") return value;
  const loaded = machine.files.settings?.find((file) => isLoadedInto(file, value.members));
  if (loaded !== undefined) return laidOver(value, loaded);
  const members = [...value.members].map(([key, { place, value: held }]) => {
    const told = scriptUnknown(`${key} is set again at run time`, held);
    return [key, { place, value: { ...told, place } }] as const;
  });
  return { ...value, members: new Map(members), isOpen: true };
}

/** Keys that an object and a file have in common where the one holds defaults of the other. */
const SHARED_KEYS_MIN = 3;

function isLoadedInto(file: ScriptValue, members: ReadonlyMap<string, ScriptMember>): boolean {
  if (file.kind !== "object") return false;
  const shared = [...file.members.keys()].filter((key) => members.has(key));
  return shared.length >= SHARED_KEYS_MIN;
}

/** What a file says counts; what it leaves out stays as it is written. */
function laidOver(written: ScriptValue, loaded: ScriptValue): ScriptValue {
  if (written.kind !== "object" || loaded.kind !== "object") return loaded;
  const members = new Map(written.members);
  for (const [key, { place, value }] of loaded.members) {
    const before = members.get(key);
    const told = before === undefined ? value : laidOver(before.value, value);
    members.set(key, { place, value: { ...told, place } });
  }
  return { ...written, members, isOpen: true };
}

function pushed(machine: ScriptMachine, value: ScriptValue, change: ScriptChange): ScriptValue {
  if (value.kind !== "list") return value;
  const conditions = toldConditions(machine, change.conditions);
  const items = change.values.map((node): ScriptValue => {
    const item = machine.evaluate(node, change.scope);
    return conditions.length === 0 ? item : { ...item, conditions };
  });
  return { ...value, items: [...value.items, ...items] };
}

function assigned(
  machine: ScriptMachine,
  before: ScriptMember | undefined,
  { values: [node], scope, conditions, node: statement }: ScriptChange,
): ScriptMember | undefined {
  if (node === undefined) return before;
  const told = toldConditions(machine, conditions);
  const place = hereOf(statement, scope);
  const value = machine.evaluate(node, scope);
  const tests = told.map(({ origin }) => ({ ...scriptNone(), origin }));
  if (told.every(({ holds }) => holds === true))
    return { value: withScriptOrigins(value, tests), place };
  if (told.some(({ holds }) => holds === false)) {
    const kept = before?.value ?? scriptNone();
    return { value: withScriptOrigins(kept, tests), place: before?.place ?? place };
  }
  const open = told.find(({ holds }) => holds === undefined);
  const from = before === undefined ? [value] : [before.value, value];
  return { value: scriptUnknown(`it depends on ${open?.text}`, ...from, ...tests), place };
}

const TEXT_LENGTH_MAX = 80;

/** Conditions under the effective environment, outermost first. */
export function toldConditions(
  machine: ScriptMachine,
  conditions: readonly ScriptCondition[],
): readonly ToldCondition[] {
  return conditions.map(({ test, wanted, scope }) => {
    const value = machine.evaluate(test, scope);
    const truth = scriptTruth(value);
    const text = conditionText(machine, test, scope.file);
    return {
      text: wanted ? text : `not (${text})`,
      holds: truth === undefined ? undefined : truth === wanted,
      origin: mergeOrigins([value.origin]),
      place: value.place,
    };
  });
}

function conditionText(machine: ScriptMachine, test: SyntaxNode, file: string): string {
  const { start, end } = test;
  const text = machine.files.moduleOf(file)?.text;
  if (text === undefined || typeof start !== "number" || typeof end !== "number") return "a test";
  // What is compared with may be a secret.
  const words = text
    .slice(start, Math.min(end, start + 2 * TEXT_LENGTH_MAX))
    .replace(/\s+/g, " ")
    .replace(/(["'`])(?:(?!\1).){12,}\1/g, "$1…$1");
  return words.length > TEXT_LENGTH_MAX ? `${words.slice(0, TEXT_LENGTH_MAX)}…` : words;
}
