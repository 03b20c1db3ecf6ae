import { mergeOrigins } from "../python/value.ts";
import type { ScriptMachine } from "./script-machine.ts";
import { plainText } from "./script-operators.ts";
import {
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

type Call = (callback: ScriptValue, values: readonly ScriptValue[]) => ScriptValue;

const LIST_LENGTH_MAX = 500;

/** The result of a method of a known value; `undefined` where it is none, or none that is known. */
export function methodValue(
  _machine: ScriptMachine,
  held: ScriptValue,
  name: string,
  values: readonly ScriptValue[],
  call: Call,
): ScriptValue | undefined {
  if (held.kind === "text") return textMethod(held, name, values);
  if (held.kind === "list") return listMethod(held, name, values, call);
  if (name === "toString" && held.kind !== "object") {
    const text = plainText(held);
    return text === undefined ? undefined : scriptText(text, held.origin);
  }
  // `process.env.X?.split(",")` of a variable that is not set.
  return held.kind === "none" && held.origin.reads.length > 0 ? scriptNone(held.origin) : undefined;
}

function textMethod(
  held: ScriptValue & { readonly kind: "text" },
  name: string,
  values: readonly ScriptValue[],
): ScriptValue | undefined {
  const { text } = held;
  const origin = mergeOrigins([held, ...values].map(scriptOrigin), `.${name}()`);
  const composed = held.isComposed === true ? { isComposed: true as const } : {};
  const asText = (changed: string): ScriptValue => ({
    ...scriptText(changed, origin),
    ...composed,
  });
  const [first, second] = values;
  const given = first?.kind === "text" ? first.text : undefined;
  switch (name) {
    case "trim":
      return asText(text.trim());
    case "toLowerCase":
      return asText(text.toLowerCase());
    case "toUpperCase":
      return asText(text.toUpperCase());
    case "toString":
      return asText(text);
    case "replace":
    case "replaceAll": {
      const changed = replaced(text, first, second, name === "replaceAll");
      return changed === undefined ? undefined : asText(changed);
    }
    case "split":
      return splitText(held, first);
    case "concat":
      return values.every((value) => plainText(value) !== undefined)
        ? asText(text + values.map(plainText).join(""))
        : undefined;
    default:
      return given === undefined ? undefined : textTest(text, name, given, origin);
  }
}

function textTest(
  text: string,
  name: string,
  given: string,
  origin: ScriptValue["origin"],
): ScriptValue | undefined {
  switch (name) {
    case "startsWith":
      return scriptBoolean(text.startsWith(given), origin);
    case "endsWith":
      return scriptBoolean(text.endsWith(given), origin);
    case "includes":
      return scriptBoolean(text.includes(given), origin);
    case "indexOf":
      return scriptNumber(text.indexOf(given), origin);
    default:
      return undefined;
  }
}

/** Patterns without alternatives and with one repetition at most take time in proportion to the text. */
const PLAIN_PATTERN =
  /^(?:\\[nrtsdw/.-]|[\w ,;:/'"-]|\[(?:\\[nrtsdw/.-]|[\w ,;:/'"-])+\])+(?:[+*]|\{\d+,?\d*\})?$/;

function replaced(
  text: string,
  what: ScriptValue | undefined,
  by: ScriptValue | undefined,
  isAll: boolean,
): string | undefined {
  if (by?.kind !== "text") return undefined;
  // A function, so that `$&` in the replacement of a string stays what it is.
  if (what?.kind === "text")
    return isAll
      ? text.replaceAll(what.text, () => by.text)
      : text.replace(what.text, () => by.text);
  if (what?.kind !== "pattern" || !PLAIN_PATTERN.test(what.source)) return undefined;
  const flags = what.flags.includes("g") || isAll ? "g" : "";
  return text.replace(new RegExp(what.source, flags), () => by.text);
}

function splitText(
  held: ScriptValue & { readonly kind: "text" },
  by: ScriptValue | undefined,
): ScriptValue | undefined {
  const separator =
    by?.kind === "text"
      ? by.text
      : by?.kind === "pattern" && PLAIN_PATTERN.test(by.source)
        ? new RegExp(by.source)
        : undefined;
  if (separator === undefined) return undefined;
  const items = held.text
    .split(separator, LIST_LENGTH_MAX)
    .map((item) => scriptText(item, held.origin));
  return { kind: "list", items, isOpen: false, origin: held.origin };
}

function listMethod(
  held: ScriptValue & { readonly kind: "list" },
  name: string,
  values: readonly ScriptValue[],
  call: Call,
): ScriptValue | undefined {
  const [first] = values;
  switch (name) {
    case "join":
      return joinedText(held, first);
    case "map":
    case "flatMap":
      return first === undefined ? undefined : mapped(held, first, call);
    case "filter":
      return first === undefined ? undefined : filtered(held, first, call);
    case "concat": {
      const more = values.map((value) => (value.kind === "list" ? value.items : [value]));
      const isOpen =
        held.isOpen ||
        values.some((value) => value.kind === "unknown" || value.kind === "external");
      return { ...held, items: [...held.items, ...more.flat()], isOpen };
    }
    case "includes":
      return included(held, first);
    default:
      return undefined;
  }
}

function joinedText(
  held: ScriptValue & { readonly kind: "list" },
  by: ScriptValue | undefined,
): ScriptValue {
  const texts = held.items.map(plainText);
  const separator = by === undefined ? "," : plainText(by);
  const origin = mergeOrigins([held, ...(by === undefined ? [] : [by])].map(scriptOrigin));
  if (held.isOpen || separator === undefined || texts.includes(undefined))
    return { ...scriptUnknown("not all of the text is known", held), isComposed: true };
  const text = scriptText(texts.join(separator), origin);
  return texts.length > 1 ? { ...text, isComposed: true } : text;
}

function mapped(
  held: ScriptValue & { readonly kind: "list" },
  callback: ScriptValue,
  call: Call,
): ScriptValue {
  const items = held.items.slice(0, LIST_LENGTH_MAX).map((item) => {
    const value = call(callback, [item]);
    return item.conditions === undefined ? value : { ...value, conditions: item.conditions };
  });
  return { ...held, items };
}

function filtered(
  held: ScriptValue & { readonly kind: "list" },
  callback: ScriptValue,
  call: Call,
): ScriptValue {
  const told = held.items.slice(0, LIST_LENGTH_MAX).map((item) => {
    const verdict =
      callback.kind === "external" && callback.path === "Boolean" ? item : call(callback, [item]);
    return { item, truth: scriptTruth(verdict) };
  });
  const open = told.some(({ truth }) => truth === undefined);
  const items = told.filter(({ truth }) => truth !== false).map(({ item }) => item);
  return open ? withScriptOrigins({ ...held, items, isOpen: true }, []) : { ...held, items };
}

function included(
  held: ScriptValue & { readonly kind: "list" },
  wanted: ScriptValue | undefined,
): ScriptValue | undefined {
  const text = wanted === undefined ? undefined : plainText(wanted);
  if (wanted === undefined || text === undefined || held.isOpen) return undefined;
  const isThere = held.items.some((item) => item.kind === wanted.kind && plainText(item) === text);
  const isOpen = held.items.some((item) => plainText(item) === undefined);
  if (!isThere && isOpen) return undefined;
  return scriptBoolean(isThere, mergeOrigins([held, wanted].map(scriptOrigin)));
}
