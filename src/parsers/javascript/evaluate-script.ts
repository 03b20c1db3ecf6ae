import type { VariableState } from "../python/machine.ts";
import { mergeOrigins } from "../python/value.ts";
import type { ScriptScope } from "./scopes.ts";
import { callValue, newValue } from "./script-calls.ts";
import { guarded, hereOf, placed, type ScriptFiles, type ScriptMachine } from "./script-machine.ts";
import { memberOf } from "./script-members.ts";
import { nameValue } from "./script-names.ts";
import { binaryValue, logicalValue, plainText, unaryValue } from "./script-operators.ts";
import {
  external,
  type ScriptMember,
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptNumber,
  scriptOrigin,
  scriptText,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "./script-value.ts";
import {
  bareExpression,
  cookedOf,
  isFunctionNode,
  keyOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
  textOf,
} from "./syntax.ts";

export function createScriptMachine(
  files: ScriptFiles,
  variable: (name: string) => VariableState,
): ScriptMachine {
  const machine: ScriptMachine = {
    files,
    variable,
    frames: [],
    selves: [],
    active: new Set(),
    memo: new Map(),
    steps: 0,
    total: 0,
    depth: 0,
    evaluate: (node, scope) => {
      const bare = bareExpression(node);
      return guarded(machine, bare, scope, () => evaluate(machine, bare, scope));
    },
  };
  return machine;
}

function evaluate(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const literal = literalValue(node);
  if (literal !== undefined) return placed(literal, node, scope);
  if (isFunctionNode(node)) return placed(functionValue(node, scope), node, scope);
  switch (node.type) {
    case "Identifier":
      return nameValue(machine, node, scope);
    case "ThisExpression":
      return thisValue(machine);
    case "MemberExpression":
    case "OptionalMemberExpression":
      return memberExpression(machine, node, scope);
    case "CallExpression":
    case "OptionalCallExpression":
      return keepPlace(callValue(machine, node, scope), node, scope);
    case "NewExpression":
      return keepPlace(newValue(machine, node, scope), node, scope);
    case "ObjectExpression":
      return placed(objectValue(machine, node, scope), node, scope);
    case "ArrayExpression":
      return placed(arrayValue(machine, node, scope), node, scope);
    case "TemplateLiteral":
      return placed(templateValue(machine, node, scope), node, scope);
    case "LogicalExpression":
      return placed(logicalValue(machine, node, scope), node, scope);
    case "BinaryExpression":
      return placed(binaryValue(machine, node, scope), node, scope);
    case "UnaryExpression":
      return placed(unaryValue(machine, node, scope), node, scope);
    case "ConditionalExpression":
      return placed(conditionalValue(machine, node, scope), node, scope);
    default:
      return innerValue(machine, node, scope);
  }
}

/** Results of project code keep the place where they are written; others get that of the call. */
function keepPlace(value: ScriptValue, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  return value.place === undefined ? placed(value, node, scope) : value;
}

function functionValue(node: SyntaxNode, scope: ScriptScope): ScriptValue {
  return { kind: "function", node, scope, origin: mergeOrigins([]) };
}

function literalValue(node: SyntaxNode): ScriptValue | undefined {
  const value = node["value"];
  switch (node.type) {
    case "StringLiteral":
      return typeof value === "string" ? scriptText(value) : undefined;
    case "NumericLiteral":
      return typeof value === "number" ? scriptNumber(value) : undefined;
    case "BooleanLiteral":
      return typeof value === "boolean" ? scriptBoolean(value) : undefined;
    case "NullLiteral":
      return scriptNone();
    case "RegExpLiteral": {
      const source = textOf(node, "pattern") ?? "";
      const flags = textOf(node, "flags") ?? "";
      return { kind: "pattern", source, flags, origin: mergeOrigins([]) };
    }
    default:
      return undefined;
  }
}

/** Expressions that stand for one within them. */
function innerValue(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const key = INNER[node.type];
  const inner =
    node.type === "SequenceExpression"
      ? nodesOf(node, "expressions").at(-1)
      : key === undefined
        ? undefined
        : nodeOf(node, key);
  if (inner !== undefined) return machine.evaluate(inner, scope);
  if (node.type === "ClassExpression" || node.type === "ClassDeclaration")
    return placed({ kind: "class", node, scope, origin: mergeOrigins([]) }, node, scope);
  if (node.type === "MetaProperty") return external("import.meta");
  return placed(scriptUnknown("it is only known at run time"), node, scope);
}

const INNER: Readonly<Record<string, string>> = {
  AwaitExpression: "argument",
  AssignmentExpression: "right",
};

function thisValue({ selves }: ScriptMachine): ScriptValue {
  const members = selves.at(-1);
  if (members === undefined) return scriptUnknown("`this` is only known at run time");
  return { kind: "object", members, isOpen: true, origin: mergeOrigins([]) };
}

function memberExpression(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const object = nodeOf(node, "object");
  const property = nodeOf(node, "property");
  if (object === undefined || property === undefined) return scriptUnknown("it does not parse");
  const held = machine.evaluate(object, scope);
  const key =
    keyOf(node, "property") ??
    (node["computed"] === true ? plainText(machine.evaluate(property, scope)) : undefined);
  if (key === undefined) return scriptUnknown("which member it is cannot be told", held);
  const value = memberOf(machine, held, key);
  return value.place === undefined ? placed(value, node, scope) : value;
}

function objectValue(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const members = new Map<string, ScriptMember>();
  let isOpen = false;
  for (const property of nodesOf(node, "properties")) {
    if (property.type === "SpreadElement") {
      isOpen = !spread(machine, property, scope, members) || isOpen;
      continue;
    }
    const key = keyOf(property, "key") ?? computedKey(machine, property, scope);
    if (key === undefined) {
      isOpen = true;
      continue;
    }
    const value = isFunctionNode(property)
      ? placed(functionValue(property, scope), property, scope)
      : valueOfProperty(machine, property, scope);
    members.set(key, { value, place: hereOf(property, scope) });
  }
  return { kind: "object", members, isOpen, origin: mergeOrigins([]) };
}

function valueOfProperty(
  machine: ScriptMachine,
  property: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const value = nodeOf(property, "value");
  return value === undefined ? scriptUnknown("it does not parse") : machine.evaluate(value, scope);
}

function computedKey(
  machine: ScriptMachine,
  property: SyntaxNode,
  scope: ScriptScope,
): string | undefined {
  const key = nodeOf(property, "key");
  return key === undefined ? undefined : plainText(machine.evaluate(key, scope));
}

/** Whether everything that was spread is known; `...(cond && {…})` of a false one is nothing. */
function spread(
  machine: ScriptMachine,
  property: SyntaxNode,
  scope: ScriptScope,
  members: Map<string, ScriptMember>,
): boolean {
  const argument = nodeOf(property, "argument");
  const value = argument === undefined ? undefined : machine.evaluate(argument, scope);
  if (value === undefined) return false;
  if (value.kind !== "object") return scriptTruth(value) === false;
  for (const [key, member] of value.members)
    members.set(key, { ...member, value: withScriptOrigins(member.value, [value]) });
  return !value.isOpen;
}

function arrayValue(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const items: ScriptValue[] = [];
  let isOpen = false;
  for (const element of nodesOf(node, "elements")) {
    const isSpread = element.type === "SpreadElement";
    const inner = isSpread ? nodeOf(element, "argument") : element;
    const value = inner === undefined ? undefined : machine.evaluate(inner, scope);
    if (value === undefined) continue;
    if (!isSpread) items.push(value);
    else if (value.kind === "list") {
      items.push(...value.items);
      isOpen ||= value.isOpen;
    } else isOpen ||= scriptTruth(value) !== false;
  }
  return { kind: "list", items, isOpen, origin: mergeOrigins([]) };
}

function templateValue(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope): ScriptValue {
  const values = nodesOf(node, "expressions").map((each) => machine.evaluate(each, scope));
  const quasis = nodesOf(node, "quasis").map((quasi) => cookedOf(quasi) ?? "");
  // What follows `nonce-` is made for each answer: that it is there is what a policy says.
  const texts = values.map((value, at) =>
    quasis[at]?.endsWith("nonce-") ? (plainText(value) ?? "…") : plainText(value),
  );
  const open = texts.indexOf(undefined);
  if (open >= 0) {
    const part = values[open];
    const reason = part?.kind === "unknown" ? part.reason : "not all of the text is known";
    return { ...scriptUnknown(reason, ...values), isComposed: true };
  }
  const text = quasis.map((quasi, at) => `${quasi}${texts[at] ?? ""}`).join("");
  const isOne = values.length === 1 && quasis.every((quasi) => quasi === "");
  return {
    ...scriptText(text, mergeOrigins(values.map(scriptOrigin))),
    ...(values.length === 0 || isOne ? {} : { isComposed: true }),
  };
}

function conditionalValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const [test, yes, no] = ["test", "consequent", "alternate"].map((key) => nodeOf(node, key));
  if (test === undefined || yes === undefined || no === undefined)
    return scriptUnknown("it does not parse");
  const decided = machine.evaluate(test, scope);
  const truth = scriptTruth(decided);
  if (truth !== undefined)
    return withScriptOrigins(machine.evaluate(truth ? yes : no, scope), [decided]);
  const both = [machine.evaluate(yes, scope), machine.evaluate(no, scope)];
  const [first, second] = both;
  if (first !== undefined && second !== undefined && isSame(first, second))
    return withScriptOrigins(first, [decided]);
  return scriptUnknown("a condition decides that cannot be told", decided, ...both);
}

function isSame(a: ScriptValue, b: ScriptValue): boolean {
  const [x, y] = [plainText(a), plainText(b)];
  return a.kind === b.kind && x !== undefined && x === y;
}
