import { LIST_LENGTH_MAX, TEXT_LENGTH_MAX } from "./machine.ts";
import { printed } from "./text-methods.ts";
import {
  boolean,
  equal,
  list,
  mergeOrigins,
  number,
  type Origin,
  originOf,
  raises,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

/** The first operand that makes the whole result unknown or raising. */
export function blocker(values: readonly Value[]): Value | undefined {
  return (
    values.find(({ kind }) => kind === "raises") ?? values.find(({ kind }) => kind === "unknown")
  );
}

/** `left operator right` for arithmetic and concatenation. */
export function binary(operator: string, left: Value, right: Value): Value {
  const origin = mergeOrigins([left.origin, right.origin]);
  const blocked = blocker([left, right]);
  if (blocked !== undefined) return { ...blocked, origin };
  switch (left.kind) {
    case "path":
      if (operator === "/") return joinPath(left.path, right, origin);
      break;
    case "text":
      return texts(operator, left.text, right, origin);
    case "list":
      if (right.kind === "list") return lists(operator, left, right, origin);
      break;
    case "dict":
      if (right.kind === "dict" && operator === "|")
        return { kind: "dict", entries: [...left.entries, ...right.entries], origin };
      break;
  }
  return arithmetic(operator, left, right, origin);
}

function texts(operator: string, left: string, right: Value, origin: Origin): Value {
  if (operator === "%") return percent(left, right, origin);
  if (operator === "+" && right.kind === "text")
    return text((left + right.text).slice(0, TEXT_LENGTH_MAX), origin);
  if (operator !== "*" || right.kind !== "number")
    return unknownValue("a text that is not worked out", [origin]);
  const times = Math.min(Math.max(0, right.number), TEXT_LENGTH_MAX / (left.length || 1));
  return text(left.repeat(Math.floor(times)), origin);
}

function joinPath(path: string, right: Value, origin: Origin): Value {
  const part = right.kind === "text" ? right.text : right.kind === "path" ? right.path : undefined;
  if (part === undefined) return unknownValue("a path that is not worked out", [origin]);
  return { kind: "path", path: resolvePath(path, part), origin };
}

/** `part` seen from the directory `path`; `.` and `..` are worked out, an absolute part wins. */
export function resolvePath(path: string, part: string): string {
  if (part.startsWith("/")) return part;
  const isAbsolute = path.startsWith("/");
  const steps: string[] = [];
  for (const step of `${path}/${part}`.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== ".." || !isAbsolute) steps.push(step);
  }
  return (isAbsolute ? "/" : "") + steps.join("/");
}

function percent(format: string, right: Value, origin: Origin): Value {
  const values = right.kind === "list" && right.type === "tuple" ? right.items : [right];
  let next = 0;
  let isKnown = true;
  const result = format.replace(/%(.)/g, (_all, conversion: string) => {
    if (conversion === "%") return "%";
    const value = values[next++];
    const shown = value === undefined ? undefined : printed(value);
    if (shown === undefined || !"sdi".includes(conversion)) isKnown = false;
    return shown ?? "";
  });
  return isKnown && next === values.length
    ? text(result.slice(0, TEXT_LENGTH_MAX), origin)
    : unknownValue("a text that is not worked out", [origin]);
}

function lists(
  operator: string,
  left: Value & { kind: "list" },
  right: Value & { kind: "list" },
  origin: Origin,
): Value {
  const has = (items: readonly Value[], item: Value): boolean =>
    items.some((other) => equal(other, item) === true);
  switch (operator) {
    case "+":
      return list([...left.items, ...right.items].slice(0, LIST_LENGTH_MAX), left.type, origin);
    case "|":
      return list(
        [...left.items, ...right.items.filter((item) => !has(left.items, item))],
        left.type,
        origin,
      );
    case "-":
      return list(
        left.items.filter((item) => !has(right.items, item)),
        left.type,
        origin,
      );
    default:
      return unknownValue(`${operator} on lists is not worked out here`, [origin]);
  }
}

function arithmetic(operator: string, left: Value, right: Value, origin: Origin): Value {
  const a = numeric(left);
  const b = numeric(right);
  if (a === undefined || b === undefined)
    return unknownValue(`the result of ${operator} is not worked out here`, [origin]);
  const isFloat =
    operator === "/" || [left, right].some((value) => value.kind === "number" && value.isFloat);
  if (b === 0 && ["/", "//", "%"].includes(operator))
    return raises("ZeroDivisionError", "division by zero", [origin]);
  const compute = Object.hasOwn(ARITHMETIC, operator) ? ARITHMETIC[operator] : undefined;
  return compute === undefined
    ? unknownValue(`the result of ${operator} is not worked out here`, [origin])
    : number(compute(a, b), isFloat, origin);
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
};

function numeric(value: Value): number | undefined {
  if (value.kind === "number") return value.number;
  return value.kind === "boolean" ? Number(value.value) : undefined;
}

/** One comparison; `undefined` when it cannot be told. */
export function compare(operator: string, left: Value, right: Value): boolean | undefined {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
    case "<>":
      return negate(equal(left, right));
    case "is":
      return identical(left, right);
    case "is not":
      return negate(identical(left, right));
    case "in":
      return contains(right, left);
    case "not in":
      return negate(contains(right, left));
    default:
      return ordered(operator, left, right);
  }
}

function negate(result: boolean | undefined): boolean | undefined {
  return result === undefined ? undefined : !result;
}

function identical(left: Value, right: Value): boolean | undefined {
  for (const kind of ["none", "boolean"] as const) {
    if (left.kind !== kind && right.kind !== kind) continue;
    if (left.kind === right.kind) return equal(left, right);
    return isOpen(left) || isOpen(right) ? undefined : false;
  }
  return equal(left, right);
}

function isOpen({ kind }: Value): boolean {
  return kind === "unknown" || kind === "external" || kind === "raises";
}

function contains(container: Value, item: Value): boolean | undefined {
  if (container.kind === "text")
    return item.kind === "text" ? container.text.includes(item.text) : undefined;
  if (container.kind !== "list" && container.kind !== "dict") return undefined;
  const items =
    container.kind === "list" ? container.items : container.entries.map(({ key }) => key);
  const results = items.map((other) => equal(other, item));
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

function ordered(operator: string, left: Value, right: Value): boolean | undefined {
  const a = left.kind === "text" ? left.text : numeric(left);
  const b = right.kind === "text" ? right.text : numeric(right);
  if (a === undefined || b === undefined || typeof a !== typeof b) return undefined;
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return undefined;
  }
}

/** The outcome of a comparison as a value. */
export function truthValue(
  result: boolean | undefined,
  operands: readonly Value[],
  idiom: string,
): Value {
  const origin = mergeOrigins(operands.map(originOf), idiom);
  const blocked = blocker(operands);
  if (result !== undefined && blocked?.kind !== "raises") return boolean(result, origin);
  return blocked === undefined
    ? unknownValue("a comparison that is not worked out", [origin])
    : { ...blocked, origin };
}
