import {
  type ScriptValue,
  scriptTruth,
  scriptUnknown,
} from "../../../parsers/javascript/script-value.ts";
import type { ScriptPlace } from "../../../parsers/javascript/syntax.ts";
import { NO_ORIGIN } from "../../../parsers/python/value.ts";

/** A member of an options object: what is given, or that it may or may not be there. */
export type Option =
  | { readonly state: "given"; readonly value: ScriptValue; readonly place: ScriptPlace }
  | { readonly state: "absent" }
  | { readonly state: "open"; readonly value: ScriptValue };

/** Follows `cookie.secure` into the options of a call. */
export function optionOf(options: ScriptValue | undefined, path: string): Option {
  let found: Option = { state: "absent" };
  let at = options;
  for (const key of path.split(".")) {
    found = memberOption(at, key);
    if (found.state !== "given") return found;
    at = found.value;
  }
  return found;
}

function memberOption(held: ScriptValue | undefined, key: string): Option {
  if (held === undefined || held.kind === "none") return { state: "absent" };
  // `session()` and `helmet(false)`: nothing to look into.
  if (held.kind !== "object")
    return scriptTruth(held) === undefined
      ? { state: "open", value: scriptUnknown(reasonOf(held), held) }
      : { state: "absent" };
  const member = held.members.get(key);
  if (member !== undefined) return { state: "given", ...member };
  if (!held.isOpen) return { state: "absent" };
  return {
    state: "open",
    value: scriptUnknown(`${key} may be among options that are not known`),
  };
}

/** The first of several names under which an option goes. */
export function firstOption(options: ScriptValue | undefined, paths: readonly string[]): Option {
  const all = paths.map((path) => optionOf(options, path));
  return (
    all.find(({ state }) => state === "given") ??
    all.find(({ state }) => state === "open") ?? { state: "absent" }
  );
}

function reasonOf(value: ScriptValue): string {
  if (value.kind === "unknown") return value.reason;
  return value.kind === "external" ? `${value.path} was not read` : "it is only known at run time";
}

/** The value of an option with its default, and whether it is given. */
export function withDefault(
  option: Option,
  fallback: ScriptValue,
): { readonly value: ScriptValue; readonly place?: ScriptPlace; readonly isAbsent?: true } {
  if (option.state === "given" && option.value.kind !== "none")
    return { value: option.value, place: option.place };
  if (option.state === "given")
    // `sameSite: undefined` is the default, written down.
    return { value: { ...fallback, origin: option.value.origin }, place: option.place };
  return option.state === "open"
    ? { value: option.value }
    : { value: { ...fallback, origin: NO_ORIGIN }, isAbsent: true };
}
