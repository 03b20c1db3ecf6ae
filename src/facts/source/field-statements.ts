import type { Machine } from "../../parsers/python/machine.ts";
import type { Expression, Place, Statement } from "../../parsers/python/syntax.ts";
import { type Scope, text, type Value } from "../../parsers/python/value.ts";
import { textWithNonce } from "./field-text.ts";
import { isFieldName } from "./response-field-names.ts";

/** One statement that sets or takes away a field of the answer. */
export interface FieldWrite {
  /** Lower case. */
  readonly name: string;
  /** `undefined` where it is taken away. */
  readonly value: Value | undefined;
  /** Only where nothing has set it before (`setdefault`). */
  readonly isDefault: boolean;
  readonly file: string;
  readonly place: Place;
  /** As written, of the condition that could not be told. */
  readonly condition?: string;
  /** The condition can be told and does not hold in this environment. */
  readonly isOff?: true;
}

/** Where a walk through a function is. */
export interface Walk {
  readonly machine: Machine;
  readonly scope: Scope;
  readonly writes: FieldWrite[];
  readonly depth: number;
  readonly conditions: readonly string[];
  readonly isOff: boolean;
  /** What names of the function were last set to, for texts that hold a nonce. */
  readonly written: Map<string, Expression>;
}

/** Writes kept of one application. */
export const WRITES_MAX = 400;

export type Simple = Statement & { kind: "assign" | "augment" | "expression" | "delete" };

/** Records what a statement sets or takes away of the fields; returns whether it was such a statement. */
export function recordWrites(walk: Walk, statement: Simple): boolean {
  switch (statement.kind) {
    case "assign":
      return assigned(walk, statement.target, statement.value, statement);
    case "augment":
      return isHeaders(statement.target) && entriesWritten(walk, statement.value, statement, false);
    case "delete":
      return statement.targets
        .map((target) => assigned(walk, target, undefined, statement))
        .some(Boolean);
    case "expression":
      return called(walk, statement.value);
  }
}

/** `response.headers["Name"] = value`, Django's `response["Name"] = value`. */
function assigned(
  walk: Walk,
  target: Expression,
  value: Expression | undefined,
  place: Place,
): boolean {
  if (target.kind !== "subscript") return false;
  const object = walk.machine.evaluate(target.object, walk.scope);
  if (object.kind === "dict" || object.kind === "list") return false;
  const key = walk.machine.evaluate(target.index, walk.scope);
  return write(
    walk,
    key,
    value === undefined ? undefined : writtenValue(walk, value),
    place,
    false,
  );
}

/** `.headers.setdefault(name, value)`, `.append`, `.add`, `.update({...})`, `.pop(name)`. */
function called(walk: Walk, expression: Expression): boolean {
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return false;
  const { object, name } = expression.callee;
  const [first, second] = expression.arguments.map((argument) => argument.value);
  if (first === undefined || isPlain(walk, object)) return false;
  if (name === "update" || name === "extend")
    return isHeaders(object) && entriesWritten(walk, first, expression, false);
  if (!WRITING.has(name)) return false;
  const key = walk.machine.evaluate(first, walk.scope);
  if (TAKING.has(name)) return write(walk, key, undefined, expression, false);
  if (second !== undefined)
    return write(walk, key, writtenValue(walk, second), expression, name === "setdefault");
  const [pairKey, pairValue] = key.kind === "list" ? key.items : [];
  return pairKey !== undefined && write(walk, pairKey, pairValue, expression, false);
}

/** A dict or list of the function's own, which is no answer's. */
function isPlain({ machine, scope }: Walk, object: Expression): boolean {
  const { kind } = machine.evaluate(object, scope);
  return kind === "dict" || (kind === "list" && !isHeaders(object));
}

const TAKING: ReadonlySet<string> = new Set(["pop", "__delitem__", "remove"]);
const WRITING: ReadonlySet<string> = new Set([
  ...TAKING,
  ...["setdefault", "append", "add", "set", "__setitem__"],
]);

/** `response.headers`, a local `headers`. */
function isHeaders(expression: Expression): boolean {
  if (expression.kind === "attribute" || expression.kind === "name")
    return /headers$/i.test(expression.name);
  return false;
}

function entriesWritten(
  walk: Walk,
  expression: Expression,
  place: Place,
  isDefault: boolean,
): boolean {
  const value = walk.machine.evaluate(expression, walk.scope);
  if (value.kind !== "dict") return false;
  const texts = expression.kind === "dict" ? expression.entries : [];
  for (const [index, entry] of value.entries.entries()) {
    const written = texts[index]?.value;
    const item = written === undefined ? entry.value : writtenValue(walk, written);
    const line = entry.line > 0 ? entry.line : place.line;
    write(walk, entry.key, item, { ...place, line }, isDefault);
  }
  return true;
}

function write(
  { writes, scope, conditions, isOff }: Walk,
  key: Value,
  value: Value | undefined,
  place: Place,
  isDefault: boolean,
): boolean {
  const name = key.kind === "text" ? key.text.toLowerCase() : "";
  if (!isFieldName(name) || writes.length >= WRITES_MAX) return false;
  const condition = conditions.join(" and ");
  const { file } = scope;
  writes.push({
    ...{ name, value, isDefault, file, place },
    ...(condition !== "" && { condition }),
    ...(isOff && { isOff }),
  });
  return true;
}

/** A text of which only the nonce is not known is known. */
function writtenValue({ machine, scope, written }: Walk, expression: Expression): Value {
  const value = machine.evaluate(expression, scope);
  if (value.kind !== "unknown" && value.kind !== "external") return value;
  const found = textWithNonce(machine, scope, written, expression);
  return found === undefined ? value : text(found, value.origin);
}
