import { LIST_LENGTH_MAX, TEXT_LENGTH_MAX } from "./machine.ts";
import {
  boolean,
  type CallArguments,
  list,
  number,
  type Origin,
  raises,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

/** The result of a `str` method on known text; arguments that are not known make it unknown. */
export function textMethod(
  receiver: string,
  name: string,
  call: CallArguments,
  origin: Origin,
): Value {
  const words = call.positional.map((value) => (value.kind === "text" ? value.text : undefined));
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return (
    method?.(receiver, words, call, origin) ??
    unknownValue(`str.${name}() is not worked out here`, [origin])
  );
}

type TextMethod = (
  receiver: string,
  words: readonly (string | undefined)[],
  call: CallArguments,
  origin: Origin,
) => Value | undefined;

const METHODS: Readonly<Record<string, TextMethod>> = {
  lower: (receiver, _words, _call, origin) => text(receiver.toLowerCase(), origin),
  casefold: (receiver, _words, _call, origin) => text(receiver.toLowerCase(), origin),
  upper: (receiver, _words, _call, origin) => text(receiver.toUpperCase(), origin),
  title: (receiver, _words, _call, origin) => text(titleCase(receiver), origin),
  capitalize: (receiver, _words, _call, origin) =>
    text(receiver.slice(0, 1).toUpperCase() + receiver.slice(1).toLowerCase(), origin),
  strip: stripper(true, true),
  lstrip: stripper(true, false),
  rstrip: stripper(false, true),
  removeprefix: (receiver, [prefix], _call, origin) =>
    prefix === undefined
      ? undefined
      : text(receiver.startsWith(prefix) ? receiver.slice(prefix.length) : receiver, origin),
  removesuffix: (receiver, [suffix], _call, origin) =>
    suffix === undefined
      ? undefined
      : text(
          suffix !== "" && receiver.endsWith(suffix) ? receiver.slice(0, -suffix.length) : receiver,
          origin,
        ),
  split: splitter(false),
  rsplit: splitter(true),
  splitlines: (receiver, _words, _call, origin) => {
    const lines = receiver.split(/\r\n|\r|\n/);
    if (lines.at(-1) === "") lines.pop();
    return list(
      lines.map((line) => text(line, origin)),
      "list",
      origin,
    );
  },
  partition: (receiver, [separator], _call, origin) => {
    if (!separator) return undefined;
    const at = receiver.indexOf(separator);
    const parts =
      at < 0
        ? [receiver, "", ""]
        : [receiver.slice(0, at), separator, receiver.slice(at + separator.length)];
    return list(
      parts.map((part) => text(part, origin)),
      "tuple",
      origin,
    );
  },
  replace: (receiver, [from, to], _call, origin) =>
    from === undefined || to === undefined || from === ""
      ? undefined
      : text(receiver.replaceAll(from, () => to).slice(0, TEXT_LENGTH_MAX), origin),
  startswith: affix((receiver, part) => receiver.startsWith(part)),
  endswith: affix((receiver, part) => receiver.endsWith(part)),
  join: joined,
  format: formatted,
  encode: (receiver, _words, _call, origin) => text(receiver, origin),
  decode: (receiver, _words, _call, origin) => text(receiver, origin),
  isdigit: (receiver, _words, _call, origin) => boolean(/^\d+$/.test(receiver), origin),
  isnumeric: (receiver, _words, _call, origin) => boolean(/^\d+$/.test(receiver), origin),
  isspace: (receiver, _words, _call, origin) => boolean(/^\s+$/.test(receiver), origin),
  count: (receiver, [part], _call, origin) =>
    part ? number(receiver.split(part).length - 1, false, origin) : undefined,
  find: (receiver, [part], _call, origin) =>
    part === undefined ? undefined : number(receiver.indexOf(part), false, origin),
};

function titleCase(receiver: string): string {
  return receiver
    .toLowerCase()
    .replace(
      /(^|[^a-z])([a-z])/g,
      (_all, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

function stripper(left: boolean, right: boolean): TextMethod {
  return (receiver, [characters], call, origin) => {
    if (characters === undefined && call.positional[0] !== undefined) {
      if (call.positional[0].kind !== "none") return undefined;
    }
    const isStripped = (character: string | undefined): boolean =>
      character !== undefined &&
      (characters === undefined ? /\s/.test(character) : characters.includes(character));
    let start = 0;
    let end = receiver.length;
    while (left && start < end && isStripped(receiver[start])) start += 1;
    while (right && end > start && isStripped(receiver[end - 1])) end -= 1;
    return text(receiver.slice(start, end), origin);
  };
}

function splitter(fromRight: boolean): TextMethod {
  return (receiver, _words, call, origin) => {
    const separator = call.named.get("sep") ?? call.positional[0];
    const limit = call.named.get("maxsplit") ?? call.positional[1];
    if (limit !== undefined && limit.kind !== "number") return undefined;
    const max = limit === undefined || limit.number < 0 ? LIST_LENGTH_MAX : limit.number;
    const parts = partsOf(receiver, separator, max, fromRight);
    return parts === undefined
      ? undefined
      : list(
          parts.slice(0, LIST_LENGTH_MAX).map((part) => text(part, origin)),
          "list",
          origin,
        );
  };
}

/** Without a separator Python splits at runs of blanks; with a limit that is not worked out. */
function partsOf(
  receiver: string,
  separator: Value | undefined,
  max: number,
  fromRight: boolean,
): readonly string[] | undefined {
  if (separator === undefined || separator.kind === "none")
    return max < LIST_LENGTH_MAX ? undefined : receiver.split(/\s+/).filter((part) => part !== "");
  if (separator.kind !== "text" || separator.text === "") return undefined;
  return splitAt(receiver, separator.text, max, fromRight);
}

function splitAt(
  receiver: string,
  separator: string,
  max: number,
  fromRight: boolean,
): readonly string[] {
  const parts = receiver.split(separator);
  if (max === 0) return [receiver];
  if (parts.length <= max + 1) return parts;
  if (fromRight) return [parts.slice(0, -max).join(separator), ...parts.slice(parts.length - max)];
  return [...parts.slice(0, max), parts.slice(max).join(separator)];
}

function affix(test: (receiver: string, part: string) => boolean): TextMethod {
  return (receiver, _words, { positional: [given] }, origin) => {
    const parts = given?.kind === "list" ? given.items : given === undefined ? [] : [given];
    if (parts.some(({ kind }) => kind !== "text")) return undefined;
    return boolean(
      parts.some((part) => part.kind === "text" && test(receiver, part.text)),
      origin,
    );
  };
}

function joined(
  receiver: string,
  _words: readonly (string | undefined)[],
  { positional: [given] }: CallArguments,
  origin: Origin,
): Value | undefined {
  if (given?.kind !== "list") return undefined;
  const parts = given.items.map((item) => (item.kind === "text" ? item.text : undefined));
  return parts.includes(undefined)
    ? undefined
    : text(parts.join(receiver).slice(0, TEXT_LENGTH_MAX), origin);
}

/** `"{} {0} {name}".format(...)` without format specifications. */
function formatted(
  receiver: string,
  _words: readonly (string | undefined)[],
  call: CallArguments,
  origin: Origin,
): Value | undefined {
  let next = 0;
  let isKnown = true;
  const result = receiver.replace(/\{\{|\}\}|\{(\w*)\}/g, (all, name: string | undefined) => {
    if (name === undefined) return all.slice(1);
    const value =
      name === ""
        ? call.positional[next++]
        : (call.named.get(name) ?? call.positional[Number(name)]);
    const shown = value === undefined ? undefined : printed(value);
    if (shown === undefined) isKnown = false;
    return shown ?? "";
  });
  return isKnown && !/\{[^{}]*[!:.[]/.test(receiver) ? text(result, origin) : undefined;
}

/** Python's `str(value)` for scalars. */
export function printed(value: Value): string | undefined {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return value.isFloat && Number.isInteger(value.number)
        ? `${value.number}.0`
        : String(value.number);
    case "boolean":
      return value.value ? "True" : "False";
    case "none":
      return "None";
    default:
      return undefined;
  }
}

/** Python's `int(text)`: underscores between digits, blanks around. */
export function integerOf(written: string, origin: Origin): Value {
  const trimmed = written.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(trimmed))
    return raises("ValueError", "the text is not an integer", [origin]);
  return number(Number(trimmed.replaceAll("_", "")), false, origin);
}

/** Python's `float(text)`. */
export function floatOf(written: string, origin: Origin): Value {
  const trimmed = written.trim().toLowerCase();
  if (/^[+-]?(?:inf(?:inity)?|nan)$/.test(trimmed)) return number(Number.NaN, true, origin);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(trimmed))
    return raises("ValueError", "the text is not a number", [origin]);
  return number(Number(trimmed), true, origin);
}
