import { mergeOrigins } from "../python/value.ts";
import { numberOf, plainText } from "./script-operators.ts";
import {
  type ScriptMember,
  type ScriptValue,
  scriptBoolean,
  scriptNumber,
  scriptOrigin,
  scriptText,
  scriptTruth,
  scriptUnknown,
} from "./script-value.ts";

type Library = (values: readonly ScriptValue[]) => ScriptValue | undefined;

/** Functions of the language, and small packages that settings are written with. */
const LIBRARIES: Readonly<Record<string, Library>> = {
  Boolean: ([value]) => ofTruth(value),
  Number: ([value]) => ofNumber(value, Number),
  "Number.parseInt": ([value, radix]) => ofNumber(value, (text) => parseInt10(text, radix)),
  parseInt: ([value, radix]) => ofNumber(value, (text) => parseInt10(text, radix)),
  "Number.parseFloat": ([value]) => ofNumber(value, Number.parseFloat),
  parseFloat: ([value]) => ofNumber(value, Number.parseFloat),
  isNaN: ([value]) => ofNaN(value),
  "Number.isNaN": ([value]) => ofNaN(value),
  String: ([value]) => ofText(value),
  "Object.freeze": ([value]) => value,
  "Object.assign": (values) => assignedValue(values),
  "JSON.parse": ([value]) => ofJson(value),
  "Math.floor": ([value]) => ofNumber(value, (text) => Math.floor(Number(text))),
  ms: ([value]) => ofDuration(value),
  structuredClone: ([value]) => value,
  Proxy: ([target]) => ofProxy(target),
};

/** The result of a known function; `undefined` for every other one. */
export function libraryValue(
  path: string,
  values: readonly ScriptValue[],
): ScriptValue | undefined {
  if (Object.hasOwn(LIBRARIES, path)) return LIBRARIES[path]?.(values);
  if (/^crypto\.random|^uuid\b|^nanoid\b|^Math\.random$|^crypto\.webcrypto/.test(path))
    return scriptUnknown(`${path} makes a random one at every start`);
  return undefined;
}

/** The environment behind a proxy, which checks names or reads secrets from files, is the environment. */
function ofProxy(target: ScriptValue | undefined): ScriptValue | undefined {
  return target?.kind === "external" && target.path === "process.env" ? target : undefined;
}

function ofTruth(value: ScriptValue | undefined): ScriptValue | undefined {
  const truth = value === undefined ? false : scriptTruth(value);
  if (truth === undefined) return undefined;
  return scriptBoolean(truth, value === undefined ? undefined : withIdiom(value, "Boolean()"));
}

function withIdiom(value: ScriptValue, idiom: string) {
  return mergeOrigins([scriptOrigin(value)], idiom);
}

function ofNumber(
  value: ScriptValue | undefined,
  read: (text: string) => number,
): ScriptValue | undefined {
  const number = value === undefined ? undefined : numberOf(value);
  if (value === undefined || number === undefined) return undefined;
  return scriptNumber(
    value.kind === "text" ? read(value.text) : read(String(number)),
    withIdiom(value, ""),
  );
}

function parseInt10(text: string, radix: ScriptValue | undefined): number {
  return Number.parseInt(text, radix?.kind === "number" ? radix.number : 10);
}

function ofNaN(value: ScriptValue | undefined): ScriptValue | undefined {
  const number = value === undefined ? undefined : numberOf(value);
  return number === undefined ? undefined : scriptBoolean(Number.isNaN(number), value?.origin);
}

function ofText(value: ScriptValue | undefined): ScriptValue | undefined {
  const text = value === undefined ? undefined : plainText(value);
  return text === undefined ? undefined : scriptText(text, value?.origin);
}

function assignedValue(values: readonly ScriptValue[]): ScriptValue {
  const members = new Map<string, ScriptMember>();
  let isOpen = false;
  for (const value of values) {
    if (value.kind === "object") {
      for (const [key, member] of value.members) members.set(key, member);
      isOpen ||= value.isOpen;
    } else isOpen ||= scriptTruth(value) !== false;
  }
  return { kind: "object", members, isOpen, origin: mergeOrigins(values.map(scriptOrigin)) };
}

const JSON_LENGTH_MAX = 2_000;

/** `JSON.parse(process.env.SECURE ?? "true")`: plain values only. */
function ofJson(value: ScriptValue | undefined): ScriptValue | undefined {
  if (value?.kind !== "text" || value.text.length > JSON_LENGTH_MAX) return undefined;
  try {
    const json: unknown = JSON.parse(value.text);
    if (typeof json === "boolean") return scriptBoolean(json, value.origin);
    if (typeof json === "number") return scriptNumber(json, value.origin);
    return typeof json === "string" ? scriptText(json, value.origin) : undefined;
  } catch {
    // What does not parse stops the program.
    return undefined;
  }
}

/** Units of the package `ms`, in milliseconds. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:milliseconds?|msecs?|ms)?$/, 1],
  [/^(?:seconds?|secs?|s)$/, 1_000],
  [/^(?:minutes?|mins?|m)$/, 60_000],
  [/^(?:hours?|hrs?|h)$/, 3_600_000],
  [/^(?:days?|d)$/, 86_400_000],
  [/^(?:weeks?|w)$/, 604_800_000],
  [/^(?:years?|yrs?|y)$/, 31_557_600_000],
];

function ofDuration(value: ScriptValue | undefined): ScriptValue | undefined {
  if (value?.kind !== "text") return undefined;
  const match = /^(\d{1,12}(?:\.\d{1,6})?) ?([a-z]{0,12})$/i.exec(value.text.trim());
  const unit = UNITS.find(([pattern]) => pattern.test((match?.[2] ?? "?").toLowerCase()))?.[1];
  if (match === null || unit === undefined) return undefined;
  return scriptNumber(Number(match[1]) * unit, value.origin);
}
