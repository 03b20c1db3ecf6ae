import { mergeOrigins } from "../python/value.ts";
import type { ScriptScope } from "./scopes.ts";
import { libraryValue } from "./script-globals.ts";
import type { ScriptMachine } from "./script-machine.ts";
import { instanceOf, memberOf, requiredValue } from "./script-members.ts";
import { methodValue } from "./script-methods.ts";
import {
  external,
  type ScriptValue,
  scriptNone,
  scriptOrigin,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "./script-value.ts";
import {
  bareExpression,
  identifierOf,
  keyOf,
  literalOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
} from "./syntax.ts";

const INLINED_MAX = 24;

/** The result of a call: of functions of the project by their text, of known libraries by their meaning. */
export function callValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  return madeAt(calledValue(machine, node, scope), node);
}

/** Results of packages remember the call that made them. */
function madeAt(value: ScriptValue, node: SyntaxNode): ScriptValue {
  if (value.kind !== "external" || value.call === undefined || value.call.node !== undefined)
    return value;
  return { ...value, call: { ...value.call, node } };
}

function calledValue(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const callee = nodeOf(node, "callee");
  if (callee === undefined) return scriptUnknown("it does not parse");
  const required = requiredPath(node);
  if (required !== undefined) return requiredValue(machine, scope.file, required);
  if (callee.type === "Import") return importedModule(machine, node, scope);
  const bare = bareExpression(callee);
  const isMember = /^(?:Optional)?MemberExpression$/.test(bare.type);
  const key = isMember ? keyOf(bare, "property") : undefined;
  const object = isMember ? nodeOf(bare, "object") : undefined;
  if (key === undefined || object === undefined)
    return calledDirectly(machine, node, callee, scope);
  const held = machine.evaluate(object, scope);
  // Arguments of what is not known tell nothing.
  if (held.kind === "unknown") return scriptUnknown(held.reason, held);
  const values = argumentsOf(machine, node, scope);
  const method = methodValue(machine, held, key, values, (callback, given) =>
    applyValue(machine, callback, given),
  );
  if (method !== undefined) return method;
  const self = held.kind === "object" ? new Map(held.members) : undefined;
  if (self !== undefined) machine.selves.push(self);
  const result = applyValue(machine, memberOf(machine, held, key), values);
  if (self !== undefined) machine.selves.pop();
  return result;
}

function calledDirectly(
  machine: ScriptMachine,
  node: SyntaxNode,
  callee: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const held = machine.evaluate(callee, scope);
  if (held.kind === "unknown") return scriptUnknown(held.reason, held);
  return applyValue(machine, held, argumentsOf(machine, node, scope));
}

/** The specifier of `require("x")`. */
export function requiredPath(node: SyntaxNode): string | undefined {
  if (identifierOf(node["callee"]) !== "require") return undefined;
  const [given] = nodesOf(node, "arguments");
  return literalOf(given);
}

function importedModule(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const specifier = literalOf(nodesOf(node, "arguments")[0]);
  return specifier === undefined
    ? scriptUnknown("what is imported is only known at run time")
    : requiredValue(machine, scope.file, specifier);
}

/** The values a call is given; what comes behind a spread that is not known is left out. */
export function argumentsOf(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): readonly ScriptValue[] {
  const values: ScriptValue[] = [];
  for (const each of nodesOf(node, "arguments")) {
    if (each.type !== "SpreadElement") {
      values.push(machine.evaluate(each, scope));
      continue;
    }
    const argument = nodeOf(each, "argument");
    const list = argument === undefined ? undefined : machine.evaluate(argument, scope);
    if (list?.kind !== "list" || list.isOpen)
      return [...values, scriptUnknown("not all arguments are known")];
    values.push(...list.items);
  }
  return values;
}

export function applyValue(
  machine: ScriptMachine,
  callee: ScriptValue,
  values: readonly ScriptValue[],
): ScriptValue {
  if (callee.kind === "function") return inlined(machine, callee, values);
  if (callee.kind === "external") {
    const known = libraryValue(callee.path, values);
    if (known !== undefined) return known;
    return {
      ...external(`${callee.path}()`),
      kind: "external",
      path: `${callee.path}()`,
      call: { callee: callee.path, values },
      origin: mergeOrigins(values.map(scriptOrigin)),
    };
  }
  const reason = callee.kind === "unknown" ? callee.reason : "what is called cannot be told";
  return scriptUnknown(reason, ...values);
}

/** `new X()`: an object of the project's class, or a result of a package. */
export function newValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const callee = nodeOf(node, "callee");
  if (callee === undefined) return scriptUnknown("it does not parse");
  const made = machine.evaluate(callee, scope);
  if (made.kind === "class") return instanceOf(machine, made);
  return madeAt(applyValue(machine, made, argumentsOf(machine, node, scope)), node);
}

function inlined(
  machine: ScriptMachine,
  callee: ScriptValue & { readonly kind: "function" | "class" },
  values: readonly ScriptValue[],
): ScriptValue {
  const { node, scope } = callee;
  const body = nodeOf(node, "body");
  if (node["generator"] === true || body === undefined)
    return scriptUnknown("what a generator yields is only known at run time");
  if (machine.frames.length > INLINED_MAX || machine.frames.some(({ owner }) => owner === node))
    return scriptUnknown("it calls itself");
  const own = machine.files.moduleOf(scope.file)?.scopes.get(node) ?? scope;
  machine.frames.push({ owner: node, values });
  const result =
    body.type === "BlockStatement"
      ? outcomeOf(machine, nodesOf(body, "body"), own)
      : { alternatives: [machine.evaluate(body, own)], isLeft: true };
  machine.frames.pop();
  return joined(result.isLeft ? result.alternatives : [...result.alternatives, scriptNone()]);
}

interface Returned {
  readonly alternatives: readonly ScriptValue[];
  /** Nothing behind these statements is reached. */
  readonly isLeft: boolean;
}

function joined(values: readonly ScriptValue[]): ScriptValue {
  const [first, ...more] = values;
  if (first === undefined) return scriptNone();
  if (more.length === 0) return first;
  return scriptUnknown("a function decides at run time", ...values);
}

/** What statements return, followed as far as their tests can be told. */
function outcomeOf(
  machine: ScriptMachine,
  statements: readonly SyntaxNode[],
  scope: ScriptScope,
): Returned {
  const alternatives: ScriptValue[] = [];
  for (const statement of statements) {
    const { alternatives: more, isLeft } = returnedBy(machine, statement, scope);
    alternatives.push(...more);
    if (isLeft) return { alternatives, isLeft };
  }
  return { alternatives, isLeft: false };
}

function returnedBy(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): Returned {
  switch (node.type) {
    case "ReturnStatement": {
      const argument = nodeOf(node, "argument");
      const value = argument === undefined ? scriptNone() : machine.evaluate(argument, scope);
      return { alternatives: [value], isLeft: true };
    }
    case "ThrowStatement":
      return { alternatives: [], isLeft: true };
    case "BlockStatement": {
      const own = machine.files.moduleOf(scope.file)?.scopes.get(node) ?? scope;
      return outcomeOf(machine, nodesOf(node, "body"), own);
    }
    case "TryStatement": {
      const block = nodeOf(node, "block");
      return block === undefined ? NOTHING : returnedBy(machine, block, scope);
    }
    case "IfStatement":
      return branchReturned(machine, node, scope);
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "SwitchStatement":
      return holdsReturn(node)
        ? { alternatives: [scriptUnknown("a loop decides at run time")], isLeft: false }
        : NOTHING;
    default:
      return NOTHING;
  }
}

const NOTHING: Returned = { alternatives: [], isLeft: false };

function holdsReturn(node: SyntaxNode): boolean {
  // Cheap and on the safe side: a return of an inner function counts as well.
  return JSON.stringify(node, (key, value) => (key === "loc" ? undefined : value)).includes(
    '"ReturnStatement"',
  );
}

function branchReturned(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): Returned {
  const test = nodeOf(node, "test");
  if (test === undefined) return NOTHING;
  const decided = machine.evaluate(test, scope);
  const truth = scriptTruth(decided);
  const of = (key: string): Returned => {
    const branch = nodeOf(node, key);
    return branch === undefined ? NOTHING : returnedBy(machine, branch, scope);
  };
  if (truth !== undefined) {
    const { alternatives, isLeft } = of(truth ? "consequent" : "alternate");
    return { alternatives: alternatives.map((one) => withScriptOrigins(one, [decided])), isLeft };
  }
  const [yes, no] = [of("consequent"), of("alternate")];
  return {
    alternatives: [...yes.alternatives, ...no.alternatives],
    isLeft: yes.isLeft && no.isLeft,
  };
}
