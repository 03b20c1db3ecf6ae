import { attribute } from "./attribute.ts";
import { isBuiltin } from "./builtins.ts";
import { callArguments } from "./call-arguments.ts";
import { evaluateComprehension } from "./comprehension.ts";
import { isSet, presenceOrigin } from "./environment-read.ts";
import { conditionAt, isExhausted, lookUp, type Machine, wordsAt } from "./machine.ts";
import { keepChanges } from "./members.ts";
import { mergeValues } from "./merge-values.ts";
import { binary, blocker, compare, truthValue } from "./operators.ts";
import { subscript } from "./subscript.ts";
import type { Expression } from "./syntax.ts";
import { printed } from "./text-methods.ts";
import {
  boolean,
  list,
  mergeOrigins,
  NO_ORIGIN,
  none,
  number,
  originOf,
  type Scope,
  text,
  truthOf,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

/** The value of an expression, as far as it can be told. Never throws. */
export function evaluate(machine: Machine, expression: Expression, scope: Scope): Value {
  machine.steps += 1;
  if (isExhausted(machine)) return unknownValue("the program is too long to follow");
  const of = (inner: Expression): Value => machine.evaluate(inner, scope);
  switch (expression.kind) {
    case "name":
      return nameValue(expression.name, scope, machine);
    case "text":
      return text(expression.text);
    case "number":
      return number(expression.value, !Number.isInteger(expression.value));
    case "constant":
      return expression.value === null ? none() : boolean(expression.value);
    case "format":
      return formatted(expression, of);
    case "sequence":
      return list(items(expression.items, of), expression.type);
    case "dict":
      return dictionary(expression, of);
    case "comprehension":
      return evaluateComprehension(machine, expression, scope);
    case "call":
      return called(machine, expression, scope);
    case "attribute":
      return attribute(machine, of(expression.object), expression.name);
    case "subscript":
      return subscript(machine, of(expression.object), expression.index, scope);
    case "slice":
      return unknownValue("a slice on its own");
    case "binary":
      return binary(expression.operator, of(expression.left), of(expression.right));
    case "logical":
      return logical(expression, of);
    case "not": {
      const operand = of(expression.operand);
      const truth = truthOf(operand);
      return truthValue(truth === undefined ? undefined : !truth, [operand], notIdiom(operand));
    }
    case "unary":
      return unary(expression.operator, of(expression.operand));
    case "compare":
      return comparison(machine, expression, scope);
    case "conditional":
      return conditional(expression, of, scope);
    case "walrus": {
      const value = of(expression.value);
      const { line, column } = expression;
      scope.bindings.set(expression.name, { value, file: scope.file, line, column });
      return value;
    }
    case "lambda":
      return {
        kind: "function",
        name: "lambda",
        parameters: expression.parameters,
        body: expression.body,
        scope,
        definition: undefined,
        origin: NO_ORIGIN,
      };
    case "starred":
      return of(expression.value);
    case "opaque":
      return unknownValue(`${expression.what} is not worked out here`);
  }
}

type Of = (inner: Expression) => Value;
type OfKind<K extends Expression["kind"]> = Expression & { readonly kind: K };

function nameValue(name: string, scope: Scope, machine: Machine): Value {
  const binding = lookUp(scope, name);
  if (binding !== undefined) return binding.value;
  if (name === "__file__") return { kind: "path", path: scope.file, origin: NO_ORIGIN };
  if (name === "__name__")
    return machine.entryFile === scope.file
      ? { kind: "external", path: "__name__", origin: NO_ORIGIN }
      : text(scope.file.replace(/\.py$/, "").replaceAll("/", "."));
  if (name === "__debug__") return boolean(true);
  if (isBuiltin(name)) return { kind: "external", path: name, origin: NO_ORIGIN };
  return unknownValue(`${name} is not defined in what was read`);
}

function notIdiom({ origin }: Value): string {
  return origin.idiom === "" ? "not" : `not ${origin.idiom}`;
}

function items(expressions: readonly Expression[], of: Of): readonly Value[] {
  return expressions.flatMap((item) => {
    const value = of(item);
    if (item.kind !== "starred") return [value];
    return value.kind === "list"
      ? value.items
      : [unknownValue("elements that are not known", [value.origin])];
  });
}

function dictionary({ entries }: OfKind<"dict">, of: Of): Value {
  const values = entries.map(({ key, value }) => ({
    key: key === undefined ? undefined : of(key),
    value: of(value),
    line: value.line,
  }));
  const spreads = values.filter(({ key }) => key === undefined).map(({ value }) => value);
  const environment = spreads.find((value) => value.kind === "external");
  if (environment !== undefined) return environment;
  const merged = values.flatMap(({ key, value, line }) => {
    if (key !== undefined) return [{ key, value, line }];
    return value.kind === "dict" ? value.entries : [];
  });
  return { kind: "dict", entries: merged, origin: mergeOrigins(spreads.map(originOf)) };
}

function formatted({ parts }: OfKind<"format">, of: Of): Value {
  const values = parts.map((part) => (typeof part === "string" ? text(part) : of(part.value)));
  const origin = mergeOrigins(values.map(originOf));
  const blocked = blocker(values);
  if (blocked !== undefined) return { ...blocked, origin };
  const texts = values.map((value, index) => {
    const part = parts[index];
    return typeof part === "object" && part.isFormatted ? undefined : printed(value);
  });
  return texts.includes(undefined)
    ? unknownValue("a text that is not worked out", [origin])
    : text(texts.join(""), origin);
}

/** `a and b`, `a or b`: the deciding operand, carrying what the other one rests on. */
function logical({ operator, left, right }: OfKind<"logical">, of: Of): Value {
  const first = of(left);
  const truth = truthOf(first);
  if (first.kind === "raises") return first;
  if (truth !== undefined && truth === (operator === "or")) return first;
  const second = of(right);
  if (truth !== undefined)
    return withOrigins(second, [first.origin], second.origin.idiom || undefined);
  const decided = truthOf(second);
  if (second.kind === "boolean" && decided === (operator === "or"))
    return withOrigins(second, [first.origin]);
  const reason = first.kind === "unknown" ? first.reason : "a condition that is not known";
  return unknownValue(reason, [first.origin, second.origin]);
}

function unary(operator: string, operand: Value): Value {
  if (operand.kind !== "number") return withOrigins(unknownOr(operand), []);
  return operator === "-" ? { ...operand, number: -operand.number } : operand;
}

function unknownOr(value: Value): Value {
  return value.kind === "raises" || value.kind === "unknown"
    ? value
    : unknownValue("a result that is not worked out", [value.origin]);
}

function comparison(machine: Machine, expression: OfKind<"compare">, scope: Scope): Value {
  const values = expression.operands.map((operand) => machine.evaluate(operand, scope));
  let result: boolean | undefined = true;
  for (const [index, operator] of expression.operators.entries()) {
    const left = values[index];
    const right = values[index + 1];
    if (left === undefined || right === undefined) break;
    const one = membership(machine, operator, left, right) ?? compare(operator, left, right);
    if (one === false) result = false;
    else if (one === undefined && result === true) result = undefined;
  }
  const origins = environmentOperands(machine, values);
  return withOrigins(
    truthValue(result, values, comparisonIdiom(expression, values, scope)),
    origins,
  );
}

/** `"X" in os.environ`, and the ways a program asks whether it is under test: it is not. */
function membership(
  machine: Machine,
  operator: string,
  left: Value,
  right: Value,
): boolean | undefined {
  if (left.kind === "external" && left.path === "sys.argv[]") return operator === "!=";
  if (right.kind !== "external" || (operator !== "in" && operator !== "not in")) return undefined;
  if (right.path === "sys.argv" || right.path === "sys.modules" || right.path === "sys.argv[]")
    return operator === "not in";
  if (right.path !== "os.environ" || left.kind !== "text") return undefined;
  const found = isSet(machine, left.text);
  return found === undefined ? undefined : found === (operator === "in");
}

function environmentOperands(machine: Machine, [left, right]: readonly Value[]) {
  const isEnvironment = right?.kind === "external" && right.path === "os.environ";
  return isEnvironment && left?.kind === "text" ? [presenceOrigin(machine, left.text)] : [];
}

/** `.lower() in {"1", "true"}`: the operand that came from the environment left out. */
function comparisonIdiom(
  { operands, operators }: OfKind<"compare">,
  values: readonly Value[],
  scope: Scope,
): string {
  const [left, right] = operands;
  const [operator] = operators;
  if (left === undefined || right === undefined || operator === undefined) return "";
  const own = values[0]?.origin;
  if (own === undefined || own.reads.length === 0) return `${operator} ${wordsAt(scope, left)}`;
  return `${own.idiom} ${operator} ${wordsAt(scope, right)}`.trim();
}

function conditional(
  { test, whenTrue, otherwise }: OfKind<"conditional">,
  of: Of,
  scope: Scope,
): Value {
  const condition = of(test);
  const truth = truthOf(condition);
  if (condition.kind === "raises") return condition;
  if (truth !== undefined)
    return withOrigins(of(truth ? whenTrue : otherwise), [condition.origin], undefined);
  const a = of(whenTrue);
  const b = of(otherwise);
  return mergeValues(a, b, conditionAt(scope, test), [condition.origin]);
}

function called(machine: Machine, expression: OfKind<"call">, scope: Scope): Value {
  const callee = machine.evaluate(expression.callee, scope);
  const call = callArguments(expression.arguments, (inner) => machine.evaluate(inner, scope));
  if (callee.kind === "raises" || callee.kind === "unknown")
    return withOrigins(callee, call.positional.map(originOf));
  const result = machine.call(callee, call, { scope, place: expression });
  keepChanges(callee, expression.callee, scope);
  return result;
}
