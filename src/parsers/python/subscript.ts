import { readVariable } from "./environment-read.ts";
import { flaskConfigItem } from "./flask-config.ts";
import { liveClassOf } from "./flask-sources.ts";
import { iniItem } from "./ini-settings.ts";
import type { Machine } from "./machine.ts";
import type { Expression } from "./syntax.ts";
import {
  type External,
  equal,
  mergeOrigins,
  raises,
  type Scope,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

/** `object[index]`. */
export function subscript(machine: Machine, object: Value, index: Expression, scope: Scope): Value {
  if (object.kind === "unknown" || object.kind === "raises") return object;
  if (index.kind === "slice") return slice(machine, object, index, scope);
  const key = machine.evaluate(index, scope);
  const origins = [object.origin, key.origin];
  if (key.kind === "unknown" || key.kind === "raises")
    return (object.kind === "dict" ? liveClassOf(object) : undefined) ?? key;
  switch (object.kind) {
    case "external":
      return externalItem(machine, object, key);
    case "dict": {
      const found = object.entries.findLast((entry) => equal(entry.key, key) === true);
      return found?.value ?? raises("KeyError", "the key is not in the dictionary", origins);
    }
    case "list":
    case "text":
      return element(object, key);
    case "path":
      return unknownValue("a part of a path", origins);
    default:
      return unknownValue("an element that is not worked out", origins);
  }
}

function externalItem(machine: Machine, object: Value & External, key: Value): Value {
  if (object.path === "os.environ" && key.kind === "text")
    return readVariable(machine, key.text, { kind: "raises", exception: "KeyError" });
  const item = flaskConfigItem(machine, object, key) ?? iniItem(machine, object, key);
  if (item !== undefined) return item;
  return { ...object, path: `${object.path}[]` };
}

function element(object: Value & { kind: "list" | "text" }, key: Value): Value {
  const origin = mergeOrigins([object.origin, key.origin]);
  if (key.kind !== "number") return unknownValue("an element that is not worked out", [origin]);
  if (object.kind === "text") {
    const letter = object.text.at(key.number);
    return letter === undefined
      ? raises("IndexError", "the text is too short", [origin])
      : text(letter, origin);
  }
  return object.items.at(key.number) ?? raises("IndexError", "the list is too short", [origin]);
}

function slice(
  machine: Machine,
  object: Value,
  index: Expression & { kind: "slice" },
  scope: Scope,
): Value {
  const bounds = [index.lower, index.upper].map((bound) =>
    bound === undefined ? undefined : machine.evaluate(bound, scope),
  );
  const isKnown = bounds.every((bound) => bound === undefined || bound.kind === "number");
  const [from, to] = bounds.map((bound) => (bound?.kind === "number" ? bound.number : undefined));
  if (isKnown && !index.hasStep) {
    if (object.kind === "list") return { ...object, items: object.items.slice(from, to) };
    if (object.kind === "text") return { ...object, text: object.text.slice(from, to) };
  }
  return unknownValue("a slice that is not worked out", [object.origin]);
}
