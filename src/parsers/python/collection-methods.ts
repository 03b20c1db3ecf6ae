import { LIST_LENGTH_MAX } from "./machine.ts";
import {
  type CallArguments,
  equal,
  list,
  none,
  number,
  type Origin,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

type Collection = Value & { kind: "list" | "dict" };

/** A method that leaves the list or dictionary as it is; `undefined` for others. */
export function collectionMethod(
  receiver: Collection,
  name: string,
  { positional: [key, fallback] }: CallArguments,
  origin: Origin,
): Value | undefined {
  if (name === "copy") return receiver;
  if (receiver.kind === "list") {
    if (name !== "index" || key === undefined) return undefined;
    const at = receiver.items.findIndex((item) => equal(item, key) === true);
    return at < 0 ? undefined : number(at, false, origin);
  }
  switch (name) {
    case "get":
      if (key === undefined || key.kind === "unknown") return undefined;
      return (
        receiver.entries.findLast((entry) => equal(entry.key, key) === true)?.value ??
        fallback ??
        none(origin)
      );
    case "keys":
      return list(
        receiver.entries.map((entry) => entry.key),
        "list",
        origin,
      );
    case "values":
      return list(
        receiver.entries.map((entry) => entry.value),
        "list",
        origin,
      );
    case "items":
      return list(
        receiver.entries.map((entry) => list([entry.key, entry.value], "tuple")),
        "list",
        origin,
      );
    default:
      return undefined;
  }
}

/** What a list or dictionary is after a method that changes it; `undefined` when it does not. */
export function changed(
  receiver: Collection,
  name: string,
  call: CallArguments,
  line: number,
): Value | undefined {
  return receiver.kind === "list"
    ? changedList(receiver, name, call)
    : changedDict(receiver, name, call, line);
}

function changedList(
  receiver: Value & { kind: "list" },
  name: string,
  { positional: [first, second] }: CallArguments,
): Value | undefined {
  const { items } = receiver;
  const next =
    first === undefined ? withoutArgument(items, name) : withArgument(items, name, first, second);
  return next === undefined ? undefined : { ...receiver, items: next.slice(0, LIST_LENGTH_MAX) };
}

function withoutArgument(items: readonly Value[], name: string): readonly Value[] | undefined {
  switch (name) {
    case "clear":
      return [];
    case "reverse":
      return items.toReversed();
    case "pop":
      return items.slice(0, -1);
    default:
      return undefined;
  }
}

function withArgument(
  items: readonly Value[],
  name: string,
  first: Value,
  second: Value | undefined,
): readonly Value[] | undefined {
  switch (name) {
    case "append":
    case "add":
      return [...items, first];
    case "extend":
    case "update":
      return [...items, ...spread(first)];
    case "insert": {
      if (second === undefined) return undefined;
      const at = first.kind === "number" ? first.number : items.length;
      return items.toSpliced(at, 0, second);
    }
    case "remove":
    case "discard": {
      const at = items.findIndex((item) => equal(item, first) === true);
      return at < 0 ? items : items.toSpliced(at, 1);
    }
    case "pop":
      return first.kind === "number" ? items.toSpliced(first.number, 1) : undefined;
    default:
      return undefined;
  }
}

function spread(value: Value): readonly Value[] {
  if (value.kind === "list") return value.items;
  return [unknownValue("elements that are not known", [value.origin])];
}

function changedDict(
  receiver: Value & { kind: "dict" },
  name: string,
  { positional: [first, second], named }: CallArguments,
  line: number,
): Value | undefined {
  if (name === "clear") return { ...receiver, entries: [] };
  if (name === "update") {
    const more = [...named].map(([key, value]) => ({ key: text(key), value, line }));
    const entries = first?.kind === "dict" ? first.entries : [];
    return { ...receiver, entries: [...receiver.entries, ...entries, ...more] };
  }
  if (first === undefined) return undefined;
  const isThere = receiver.entries.some(({ key }) => equal(key, first) === true);
  if (name === "setdefault" && second !== undefined)
    return isThere
      ? receiver
      : { ...receiver, entries: [...receiver.entries, { key: first, value: second, line }] };
  if (name === "pop")
    return {
      ...receiver,
      entries: receiver.entries.filter(({ key }) => equal(key, first) !== true),
    };
  return undefined;
}
