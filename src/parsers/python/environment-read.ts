import type { Machine } from "./machine.ts";
import {
  jsonOf,
  mergeOrigins,
  none,
  type Origin,
  raises,
  text,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

/** What a missing variable does. */
export type Missing =
  | { readonly kind: "default"; readonly value: Value }
  | { readonly kind: "none" }
  | { readonly kind: "raises"; readonly exception: string };

/**
 * The value of an environment variable, which is text, or what the code does without it.
 * Variables that the program set itself count as set; their origin is the program's.
 */
export function readVariable(machine: Machine, name: string, missing: Missing): Value {
  const own = machine.overlay.get(name);
  const variable = machine.project.variable(name);
  if (own !== undefined) return withOrigins(own, [originOf(name, "unset")]);
  if (variable.state === "set") return text(variable.text, originOf(name, "set"));
  if (variable.state === "unknown")
    return unknownValue(variable.reason, [originOf(name, "unknown")]);
  switch (missing.kind) {
    case "default": {
      const json = jsonOf(missing.value);
      const fallback = json === undefined ? undefined : JSON.stringify(json);
      return withOrigins(missing.value, [originOf(name, "unset", fallback)]);
    }
    case "none":
      return none(originOf(name, "unset"));
    case "raises":
      return raises(missing.exception, `${missing.exception}: ${name}${NOT_SET}`, [
        originOf(name, "unset"),
      ]);
  }
}

/** Whether a value is missing because the variable that it must come from is not set. */
export function isMissingVariable(value: Value): boolean {
  return value.kind === "raises" && value.reason.endsWith(NOT_SET);
}

const NOT_SET = " is not set";

/** Whether a variable is set; `undefined` when that is not known. */
export function isSet(machine: Machine, name: string): boolean | undefined {
  if (machine.overlay.has(name)) return true;
  const { state } = machine.project.variable(name);
  return state === "unknown" ? undefined : state === "set";
}

export function originOf(
  variable: string,
  state: "set" | "unset" | "unknown",
  fallback?: string,
): Origin {
  return { reads: [{ variable, state, fallback }], idiom: "" };
}

/** The origin a variable's presence gives to what depends on it. */
export function presenceOrigin(machine: Machine, name: string): Origin {
  const { state } = machine.project.variable(name);
  return mergeOrigins([originOf(name, machine.overlay.has(name) ? "unset" : state)]);
}
