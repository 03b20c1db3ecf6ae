import {
  type EnvironmentRead,
  mergeOrigins,
  NO_ORIGIN,
  type Origin,
  type Value,
} from "../python/value.ts";
import type { ScriptScope } from "./scopes.ts";
import type { ScriptPlace, SyntaxNode } from "./syntax.ts";

/** A JavaScript value as far as it can be told without running the program. */
export type ScriptValue = {
  readonly origin: Origin;
  /** Where it is written: the expression, or the declaration that names it. */
  readonly place?: ScriptPlace;
  /** Put together of several pieces of text. */
  readonly isComposed?: true;
  /** It is only there under these conditions, which do not hold for certain. */
  readonly conditions?: readonly ToldCondition[];
} & ScriptShape;

type ScriptShape =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `undefined` and `null`. */
  | { readonly kind: "none" }
  | { readonly kind: "list"; readonly items: readonly ScriptValue[]; readonly isOpen: boolean }
  | ScriptObject
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string }
  | {
      readonly kind: "function" | "class";
      readonly node: SyntaxNode;
      readonly scope: ScriptScope;
    }
  /** Everything that a file of the project exports. */
  | { readonly kind: "module"; readonly file: string }
  | ScriptExternal
  | { readonly kind: "unknown"; readonly reason: string };

export interface ScriptObject {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, ScriptMember>;
  /** More members than those may be there. */
  readonly isOpen: boolean;
}

export interface ScriptMember {
  readonly value: ScriptValue;
  /** Of the key. */
  readonly place: ScriptPlace;
}

/** A name, member or result of code outside the project: `helmet`, `helmet.hsts`, `express()`. */
export interface ScriptExternal {
  readonly kind: "external";
  readonly path: string;
  /** What it was called with, where it is a result. */
  readonly call?: {
    readonly callee: string;
    readonly values: readonly ScriptValue[];
    readonly node?: SyntaxNode;
  };
}

export interface ToldCondition {
  /** As written, short. */
  readonly text: string;
  readonly holds: boolean | undefined;
  readonly origin: Origin;
  readonly place: ScriptPlace | undefined;
}

export function scriptText(text: string, origin = NO_ORIGIN): ScriptValue {
  return { kind: "text", text, origin };
}

export function scriptNumber(number: number, origin = NO_ORIGIN): ScriptValue {
  return { kind: "number", number, origin };
}

export function scriptBoolean(value: boolean, origin = NO_ORIGIN): ScriptValue {
  return { kind: "boolean", value, origin };
}

export function scriptNone(origin = NO_ORIGIN): ScriptValue {
  return { kind: "none", origin };
}

export function scriptUnknown(reason: string, ...from: readonly ScriptValue[]): ScriptValue {
  return { kind: "unknown", reason, origin: mergeOrigins(from.map(scriptOrigin)) };
}

export function external(path: string): ScriptValue {
  return { kind: "external", path, origin: NO_ORIGIN };
}

/** Every read a value rests on, its parts' included. */
export function scriptOrigin(value: ScriptValue): Origin {
  if (value.kind === "list") return mergeOrigins([value.origin, ...value.items.map(scriptOrigin)]);
  if (value.kind === "object")
    return mergeOrigins([
      value.origin,
      ...[...value.members.values()].map((member) => scriptOrigin(member.value)),
    ]);
  return value.origin;
}

/** The value with the origins of others laid over its own. */
export function withScriptOrigins(
  value: ScriptValue,
  others: readonly ScriptValue[],
  idiom?: string,
): ScriptValue {
  return { ...value, origin: mergeOrigins([value.origin, ...others.map(scriptOrigin)], idiom) };
}

export function readValue(read: EnvironmentRead, text: string | undefined): ScriptValue {
  const origin: Origin = { reads: [read], idiom: "" };
  return text === undefined ? scriptNone(origin) : scriptText(text, origin);
}

/** JavaScript's truth value (ECMA-262 7.1.2); `undefined` when it cannot be told. */
export function scriptTruth(value: ScriptValue): boolean | undefined {
  switch (value.kind) {
    case "text":
      return value.text !== "";
    case "number":
      return value.number !== 0 && !Number.isNaN(value.number);
    case "boolean":
      return value.value;
    case "none":
      return false;
    case "list":
    case "object":
    case "pattern":
    case "function":
    case "class":
    case "module":
      return true;
    case "external":
    case "unknown":
      return undefined;
  }
}

/** The value as the rows of settings take it; functions and results of other code are not known. */
export function asSetting(value: ScriptValue): Value {
  const { origin } = value;
  switch (value.kind) {
    case "text":
      return { kind: "text", text: value.text, origin };
    case "number":
      return { kind: "number", number: value.number, isFloat: false, origin };
    case "boolean":
      return { kind: "boolean", value: value.value, origin };
    case "none":
      return { kind: "none", origin };
    case "list":
      return listSetting(value.items, value.isOpen, origin);
    case "object":
      return objectSetting(value, origin);
    case "external":
      return { kind: "unknown", reason: externalReason(value), origin };
    case "unknown":
      return { kind: "unknown", reason: value.reason, origin };
    case "pattern":
      return { kind: "unknown", reason: `the pattern /${value.source}/`, origin };
    case "function":
    case "class":
    case "module":
      return { kind: "unknown", reason: "a function decides at run time", origin };
  }
}

function listSetting(items: readonly ScriptValue[], isOpen: boolean, origin: Origin): Value {
  const told = items.map(asSetting);
  const more: Value = { kind: "unknown", reason: "not all elements are known", origin };
  return { kind: "list", type: "list", items: isOpen ? [...told, more] : told, origin };
}

function objectSetting({ members, isOpen }: ScriptObject, origin: Origin): Value {
  if (isOpen) return { kind: "unknown", reason: "not all members are known", origin };
  const entries = [...members].map(([key, { value, place }]) => ({
    key: { kind: "text" as const, text: key, origin: NO_ORIGIN },
    value: asSetting(value),
    line: place.line,
  }));
  return { kind: "dict", entries, origin };
}

function externalReason({ path, call }: ScriptExternal): string {
  return call === undefined
    ? `${path} comes from code that was not read`
    : `the result of ${call.callee} is only known at run time`;
}
