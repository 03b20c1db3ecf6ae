import { floatOf, integerOf } from "./text-methods.ts";
import {
  boolean,
  list,
  number,
  type Origin,
  raises,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

/** How a library turns text into a truth value. */
export interface BooleanIdiom {
  readonly name: string;
  readonly truths: ReadonlySet<string>;
  /** `undefined`: everything else is false. Otherwise what is in neither set raises. */
  readonly falsehoods: ReadonlySet<string> | undefined;
  readonly isEmptyFalse: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** `distutils.util.strtobool` (CPython 3.11) and its many copies. */
export const STRTOBOOL: BooleanIdiom = {
  name: "strtobool",
  truths: words("y yes t true on 1"),
  falsehoods: words("n no f false off 0"),
  isEmptyFalse: false,
};

/** django-environ 0.11 `Env.BOOLEAN_TRUE_STRINGS`. */
export const DJANGO_ENVIRON_BOOL: BooleanIdiom = {
  name: "env.bool",
  truths: words("true on ok y yes 1"),
  falsehoods: undefined,
  isEmptyFalse: true,
};

/** environs 11 (marshmallow's `Boolean`). */
export const ENVIRONS_BOOL: BooleanIdiom = {
  name: "env.bool",
  truths: words("t true on y yes 1"),
  falsehoods: words("f false off n no 0"),
  isEmptyFalse: false,
};

/** python-decouple 3.8 `Config._cast_boolean`. */
export const DECOUPLE_BOOL: BooleanIdiom = {
  ...STRTOBOOL,
  name: "config(cast=bool)",
  isEmptyFalse: true,
};

/** starlette 0.40 `Config._perform_cast`. */
export const STARLETTE_BOOL: BooleanIdiom = {
  name: "config(cast=bool)",
  truths: words("true 1"),
  falsehoods: words("false 0"),
  isEmptyFalse: false,
};

/** pydantic 2 `bool` fields. */
export const PYDANTIC_BOOL: BooleanIdiom = {
  name: "pydantic bool",
  truths: words("1 true t yes y on"),
  falsehoods: words("0 false f no n off"),
  isEmptyFalse: false,
};

export function castBoolean(idiom: BooleanIdiom, written: string, origin: Origin): Value {
  const marked = { ...origin, idiom: `${origin.idiom}${idiom.name}` };
  const word = written.toLowerCase();
  if (idiom.truths.has(word)) return boolean(true, marked);
  if (idiom.falsehoods === undefined || idiom.falsehoods.has(word)) return boolean(false, marked);
  if (word === "" && idiom.isEmptyFalse) return boolean(false, marked);
  return raises("ValueError", `${idiom.name} does not know the text`, [marked]);
}

/** `python bool(text)` on text: any text but the empty one is true, `"0"` too. */
export function castByName(
  cast: string,
  idiom: BooleanIdiom,
  value: Value & { kind: "text" },
): Value {
  const { origin } = value;
  switch (cast) {
    case "bool":
      return castBoolean(idiom, value.text, origin);
    case "int":
      return integerOf(value.text, origin);
    case "float":
      return floatOf(value.text, origin);
    case "list":
    case "tuple":
      return commaList(value.text, origin, false, cast);
    case "json":
    case "dict":
      return jsonText(value.text, origin);
    case "str":
      return value;
    default:
      return unknownValue(`the cast ${cast} is not worked out here`, [origin]);
  }
}

/** Text split at commas, empty parts left out. */
export function commaList(
  written: string,
  origin: Origin,
  isStripped: boolean,
  type: "list" | "tuple" = "list",
): Value {
  const marked = { ...origin, idiom: `${origin.idiom}split(",")` };
  const parts = written
    .split(",")
    .map((part) => (isStripped ? part.trim() : part))
    .filter((part) => part !== "");
  return list(
    parts.map((part) => text(part, origin)),
    type,
    marked,
  );
}

const JSON_LENGTH_MAX = 65_536;

/** `json.loads`, and `ast.literal_eval` as far as both agree. */
export function jsonText(written: string, origin: Origin): Value {
  if (written.length > JSON_LENGTH_MAX) return unknownValue("a text too long to read", [origin]);
  try {
    return valueOfJson(JSON.parse(written), origin);
  } catch {
    return raises("ValueError", "the text is not JSON", [origin]);
  }
}

function valueOfJson(json: unknown, origin: Origin): Value {
  if (typeof json === "string") return text(json, origin);
  if (typeof json === "number") return number(json, !Number.isInteger(json), origin);
  if (typeof json === "boolean") return boolean(json, origin);
  if (json === null) return { kind: "none", origin };
  if (Array.isArray(json))
    return list(
      json.map((item) => valueOfJson(item, origin)),
      "list",
      origin,
    );
  const entries = Object.entries(Object(json)).map(([key, value]) => ({
    key: text(key, origin),
    value: valueOfJson(value, origin),
    line: 0,
  }));
  return { kind: "dict", entries, origin };
}
