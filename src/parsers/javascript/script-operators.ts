import { mergeOrigins, type Origin } from "../python/value.ts";
import type { ScriptScope } from "./scopes.ts";
import type { ScriptMachine } from "./script-machine.ts";
import {
  type ScriptValue,
  scriptBoolean,
  scriptNumber,
  scriptOrigin,
  scriptText,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "./script-value.ts";
import { literalOf, nodeOf, type SyntaxNode } from "./syntax.ts";

/** A value as `${value}` writes it; `undefined` where it cannot be told. */
export function plainText(value: ScriptValue): string | undefined {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return String(value.number);
    case "boolean":
      return String(value.value);
    case "none":
      return "undefined";
    default:
      return undefined;
  }
}

/** `||`, `&&` and `??`. */
export function logicalValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const [left, right] = operands(machine, node, scope);
  if (left === undefined || right === undefined) return scriptUnknown("it does not parse");
  const first = left();
  const decided = node["operator"] === "??" ? presence(first) : scriptTruth(first);
  if (decided === undefined) return eitherValue(first, right(), String(node["operator"]));
  const isFirst = node["operator"] === "&&" ? !decided : decided;
  if (isFirst) return first;
  const second = right();
  return withScriptOrigins(second, [withFallback(first, second)]);
}

function eitherValue(first: ScriptValue, second: ScriptValue, operator: string): ScriptValue {
  // `unknown && false` is falsy whatever the first is.
  if (operator === "&&" && scriptTruth(second) === false && first.kind === "unknown")
    return withScriptOrigins(scriptUnknown(first.reason, first), [second]);
  const reason =
    first.kind === "unknown" ? first.reason : "what comes first is only known at run time";
  return { ...scriptUnknown(reason, first, second), isComposed: true };
}

/** The read of an unset variable remembers what is taken instead. */
function withFallback(first: ScriptValue, second: ScriptValue): ScriptValue {
  const [read, ...more] = first.origin.reads;
  const isPlain = second.origin.reads.length === 0 && plainText(second) !== undefined;
  if (read?.state !== "unset" || more.length > 0 || !isPlain) return first;
  const fallback = second.kind === "text" ? JSON.stringify(second.text) : plainText(second);
  return { ...first, origin: { ...first.origin, reads: [{ ...read, fallback }] } };
}

function presence(value: ScriptValue): boolean | undefined {
  if (value.kind === "none") return false;
  return value.kind === "unknown" || value.kind === "external" ? undefined : true;
}

function operands(machine: ScriptMachine, node: SyntaxNode, scope: ScriptScope) {
  return ["left", "right"].map((key) => {
    const side = nodeOf(node, key);
    return side === undefined ? undefined : () => machine.evaluate(side, scope);
  });
}

/** Comparisons, arithmetic and joined text. */
export function binaryValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const [left, right] = operands(machine, node, scope).map((side) => side?.());
  if (left === undefined || right === undefined) return scriptUnknown("it does not parse");
  const operator = String(node["operator"]);
  const origin = mergeOrigins([left, right].map(scriptOrigin), idiomOf(node, operator));
  const open = [left, right].find(({ kind }) => kind === "unknown" || kind === "external");
  if (/^[!=]==?$/.test(operator)) {
    const equal = isEqual(left, right, operator.length === 3);
    return equal === undefined
      ? unknownOf(open, origin)
      : scriptBoolean(equal === operator.startsWith("="), origin);
  }
  return arithmetic(operator, left, right, origin) ?? unknownOf(open, origin);
}

function unknownOf(open: ScriptValue | undefined, origin: Origin): ScriptValue {
  const reason = open?.kind === "unknown" ? open.reason : "it is only known at run time";
  return { kind: "unknown", reason, origin };
}

/** `=== "true"`, for people. */
function idiomOf(node: SyntaxNode, operator: string): string {
  const text = literalOf(nodeOf(node, "right")) ?? literalOf(nodeOf(node, "left"));
  return text === undefined ? operator : `${operator} ${JSON.stringify(text)}`;
}

function isEqual(left: ScriptValue, right: ScriptValue, isStrict: boolean): boolean | undefined {
  const [a, b] = [plainText(left), plainText(right)];
  if (a === undefined || b === undefined) return undefined;
  if (left.kind === right.kind) return a === b;
  if (isStrict) return false;
  if (left.kind === "none" || right.kind === "none") return false;
  return Number(numberOf(left)) === Number(numberOf(right));
}

/** JavaScript's ToNumber for plain values. */
export function numberOf(value: ScriptValue): number | undefined {
  switch (value.kind) {
    case "number":
      return value.number;
    case "boolean":
      return Number(value.value);
    case "text":
      return Number(value.text);
    case "none":
      return Number.NaN;
    default:
      return undefined;
  }
}

function arithmetic(
  operator: string,
  left: ScriptValue,
  right: ScriptValue,
  origin: Origin,
): ScriptValue | undefined {
  if (operator === "+" && (left.kind === "text" || right.kind === "text")) {
    const [a, b] = [plainText(left), plainText(right)];
    if (a !== undefined && b !== undefined)
      return { ...scriptText(a + b, origin), isComposed: true };
    return undefined;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const number = CALCULATIONS[operator]?.(a, b);
  if (number !== undefined) return scriptNumber(number, origin);
  const order = COMPARISONS[operator]?.(a, b);
  return order === undefined ? undefined : scriptBoolean(order, origin);
}

const CALCULATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** `!`, `-`, `+`, `typeof` and `void`. */
export function unaryValue(
  machine: ScriptMachine,
  node: SyntaxNode,
  scope: ScriptScope,
): ScriptValue {
  const argument = nodeOf(node, "argument");
  if (argument === undefined) return scriptUnknown("it does not parse");
  const value = machine.evaluate(argument, scope);
  const origin = scriptOrigin(value);
  switch (node["operator"]) {
    case "!": {
      const truth = scriptTruth(value);
      return truth === undefined ? unknownOf(value, origin) : scriptBoolean(!truth, origin);
    }
    case "-":
    case "+": {
      const number = numberOf(value);
      if (number === undefined) return unknownOf(value, origin);
      return scriptNumber(node["operator"] === "-" ? -number : number, origin);
    }
    case "void":
      return { kind: "none", origin };
    default:
      return unknownOf(value, origin);
  }
}
