import type { Machine } from "./machine.ts";
import { memberOf } from "./members.ts";
import { number, unknownValue, type Value } from "./value.ts";

const DATA: ReadonlySet<Value["kind"]> = new Set([
  "text",
  "number",
  "boolean",
  "none",
  "list",
  "dict",
]);

/** `object.name`. */
export function attribute(machine: Machine, object: Value, name: string): Value {
  if (DATA.has(object.kind))
    return { kind: "method", receiver: object, name, origin: object.origin };
  switch (object.kind) {
    case "module":
      return (
        object.scope.bindings.get(name)?.value ??
        unknownValue(`${name} is not defined in what was read of ${object.scope.file}`)
      );
    case "class":
    case "instance":
      return (
        memberOf(machine, object, name) ??
        unknownValue(`${name} is not worked out here`, [object.origin])
      );
    case "path":
      if (name === "parent")
        return { ...object, path: object.path.split("/").slice(0, -1).join("/") };
      return { kind: "method", receiver: object, name, origin: object.origin };
    case "external":
      return externalAttribute(machine, object, name);
    default:
      return object.kind === "unknown" || object.kind === "raises"
        ? object
        : unknownValue(`${name} is not worked out here`, [object.origin]);
  }
}

/** Numbers that settings take from libraries. */
const CONSTANTS: Readonly<Record<string, number>> = {
  "flask_talisman.talisman.ONE_YEAR_IN_SECS": 31_556_926,
};

function externalAttribute(
  machine: Machine,
  object: Value & { kind: "external" },
  name: string,
): Value {
  if (object.path === "django.conf.settings") {
    const setting = machine.project.setting(name);
    if (setting !== undefined) return setting;
  }
  const path = `${object.path}.${name}`;
  const constant = Object.hasOwn(CONSTANTS, path) ? CONSTANTS[path] : undefined;
  return constant === undefined ? { ...object, path } : number(constant);
}
