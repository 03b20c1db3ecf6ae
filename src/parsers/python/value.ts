import type { Expression, FunctionDefinition, Parameter, Statement } from "./syntax.ts";
import type { UndoMap } from "./undo-map.ts";

/** One look at an environment variable on the way to a value. */
export interface EnvironmentRead {
  readonly variable: string;
  readonly state: "set" | "unset" | "unknown";
  /** What the code falls back to, as JSON; only when the variable is unset and it was a plain default. */
  readonly fallback: string | undefined;
}

/** What a value was made of. */
export interface Origin {
  readonly reads: readonly EnvironmentRead[];
  /** How text became the value, in the code's own words: `.lower() == "true"`. */
  readonly idiom: string;
}

/** Longest idiom kept, and most reads: what is beyond them explains nothing any more. */
const IDIOM_LENGTH_MAX = 120;
const READS_MAX = 24;

export const NO_ORIGIN: Origin = { reads: [], idiom: "" };

/** A Python value as far as it can be told without running the program. */
export type Value = { readonly origin: Origin } & Shape;

export type Shape =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number; readonly isFloat: boolean }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "none" }
  | {
      readonly kind: "list";
      readonly type: "list" | "tuple" | "set";
      readonly items: readonly Value[];
    }
  | { readonly kind: "dict"; readonly entries: readonly Entry[] }
  /** A path below the audited directory, or an absolute one. */
  | { readonly kind: "path"; readonly path: string }
  | FunctionShape
  | {
      readonly kind: "class";
      readonly name: string;
      readonly members: ReadonlyMap<string, Binding>;
      readonly bases: readonly Value[];
      /** Annotated names in order, inherited ones first: the fields of a pydantic class. */
      readonly fields: ReadonlyMap<string, Field>;
    }
  | { readonly kind: "instance"; readonly members: ReadonlyMap<string, Binding> }
  | { readonly kind: "module"; readonly scope: Scope }
  | { readonly kind: "method"; readonly receiver: Value; readonly name: string }
  | External
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "raises"; readonly exception: string; readonly reason: string };

export interface Entry {
  readonly key: Value;
  readonly value: Value;
  readonly line: number;
}

/**
 * A name, attribute or call result of code outside the project: `os.environ`, `environ.Env()`.
 * `made` tells two results of one constructor apart.
 */
export interface External {
  readonly kind: "external";
  readonly path: string;
  readonly made?: { readonly id: number; readonly call: CallArguments };
}

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** Where the named ones are written, those that are. */
  readonly places?: ReadonlyMap<string, Expression>;
  /** `*args` or `**kwargs` of which not all is known. */
  readonly isOpen: boolean;
}

export interface FunctionShape {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[] | Expression;
  readonly scope: Scope;
  readonly definition: FunctionDefinition | undefined;
}

export interface Field {
  readonly annotation: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A name's value and where it got it. */
export interface Binding {
  readonly value: Value;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a `ConfigParser` has read: text by option by section, both as they are written. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A key of a Flask application's `config`, and the condition under which it is set where that is not known. */
export interface ConfigEntry extends Binding {
  readonly condition?: string;
}

/** The names of a module, class body or function call. */
export interface Scope {
  readonly bindings: UndoMap<Binding>;
  readonly parent: Scope | undefined;
  readonly kind: "module" | "class" | "function";
  readonly file: string;
  /** Of the module itself: its text, for excerpts. */
  readonly source: string;
}

export function mergeOrigins(origins: readonly Origin[], idiom?: string): Origin {
  const seen = new Map<string, EnvironmentRead>();
  for (const { reads } of origins)
    for (const read of reads) if (!seen.has(read.variable)) seen.set(read.variable, read);
  if (seen.size === 0) return NO_ORIGIN;
  const words = idiom ?? origins.find((origin) => origin.idiom !== "")?.idiom ?? "";
  return {
    reads: [...seen.values()].slice(0, READS_MAX),
    idiom: words.length > IDIOM_LENGTH_MAX ? `${words.slice(0, IDIOM_LENGTH_MAX)}…` : words,
  };
}

/** The value with the origins of others laid over its own. */
export function withOrigins(value: Value, origins: readonly Origin[], idiom?: string): Value {
  return { ...value, origin: mergeOrigins([value.origin, ...origins], idiom) };
}

export function text(value: string, origin = NO_ORIGIN): Value {
  return { kind: "text", text: value, origin };
}

export function number(value: number, isFloat = false, origin = NO_ORIGIN): Value {
  return { kind: "number", number: value, isFloat, origin };
}

export function boolean(value: boolean, origin = NO_ORIGIN): Value {
  return { kind: "boolean", value, origin };
}

export function none(origin = NO_ORIGIN): Value {
  return { kind: "none", origin };
}

export function list(
  items: readonly Value[],
  type: "list" | "tuple" | "set" = "list",
  origin = NO_ORIGIN,
): Value {
  return { kind: "list", type, items, origin };
}

export function unknownValue(reason: string, origins: readonly Origin[] = []): Value {
  return { kind: "unknown", reason, origin: mergeOrigins(origins) };
}

export function raises(exception: string, reason: string, origins: readonly Origin[] = []): Value {
  return { kind: "raises", exception, reason, origin: mergeOrigins(origins) };
}

/** Every read a value rests on, its elements' included. */
export function originOf(value: Value): Origin {
  if (value.kind === "list") return mergeOrigins([value.origin, ...value.items.map(originOf)]);
  if (value.kind === "dict")
    return mergeOrigins([value.origin, ...value.entries.map((entry) => originOf(entry.value))]);
  return value.origin;
}

/** Python's truth value; `undefined` when it cannot be told. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case "text":
      return value.text !== "";
    case "number":
      return value.number !== 0;
    case "boolean":
      return value.value;
    case "none":
      return false;
    case "list":
      return value.items.length > 0;
    case "dict":
      return value.entries.length > 0;
    case "path":
    case "function":
    case "class":
    case "instance":
    case "module":
    case "method":
      return true;
    case "external":
      return value.path.endsWith("typing.TYPE_CHECKING") ? false : undefined;
    case "unknown":
    case "raises":
      return undefined;
  }
}

/** Python's `==`; `undefined` when it cannot be told. */
export function equal(left: Value, right: Value): boolean | undefined {
  if (!isData(left) || !isData(right)) return undefined;
  if (left.kind === "list" && right.kind === "list") return equalLists(left.items, right.items);
  if (left.kind === "dict" || right.kind === "dict") return undefined;
  const a = plain(left);
  const b = plain(right);
  return a === undefined || b === undefined ? false : a === b;
}

function equalLists(left: readonly Value[], right: readonly Value[]): boolean | undefined {
  if (left.length !== right.length) return false;
  const results = left.map((item, index) => {
    const other = right[index];
    return other === undefined ? false : equal(item, other);
  });
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

/** Python compares booleans as numbers. */
function plain(value: Value): string | number | null | undefined {
  switch (value.kind) {
    case "text":
    case "path":
      return value.kind === "text" ? value.text : value.path;
    case "number":
      return value.number;
    case "boolean":
      return Number(value.value);
    case "none":
      return null;
    default:
      return undefined;
  }
}

function isData({ kind }: Value): boolean {
  return !["unknown", "raises", "external", "instance", "function", "class", "module"].includes(
    kind,
  );
}

/** The value as JSON; `undefined` when any part of it is not known. */
export function jsonOf(value: Value): unknown {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return Number.isFinite(value.number) ? value.number : undefined;
    case "boolean":
      return value.value;
    case "none":
      return null;
    case "list": {
      const items = value.items.map(jsonOf);
      return items.includes(undefined) ? undefined : items;
    }
    case "dict":
      return jsonOfEntries(value.entries);
    default:
      return undefined;
  }
}

function jsonOfEntries(entries: readonly Entry[]): unknown {
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of entries) {
    const json = jsonOf(value);
    if (key.kind !== "text" || json === undefined) return undefined;
    object[key.text] = json;
  }
  return { ...object };
}
