import { castByName, commaList, PYDANTIC_BOOL } from "./casts.ts";
import { readVariable } from "./environment-read.ts";
import type { Machine } from "./machine.ts";
import {
  type Binding,
  type CallArguments,
  type Field,
  NO_ORIGIN,
  unknownValue,
  type Value,
} from "./value.ts";

type Class = Value & { kind: "class" };

const NO_ARGUMENTS: CallArguments = { positional: [], named: new Map(), isOpen: false };

/**
 * An object of a class of the project. Fields of a pydantic `BaseSettings` (pydantic-settings 2,
 * and pydantic 1) come from the environment, case-insensitively, under their prefix; what the
 * constructor is given stands before it ("Field value priority").
 */
export function instantiate(machine: Machine, type: Class, given = NO_ARGUMENTS): Value {
  if (!isSettings(type))
    return { kind: "instance", members: withFields(type, given), origin: NO_ORIGIN };
  const prefix = prefixOf(type);
  const members = new Map<string, Binding>(type.members);
  for (const [name, field] of type.fields) {
    if (name === "model_config") continue;
    const { file, line, column } = field;
    members.set(name, {
      // What the constructor is given comes before the environment.
      value:
        given.named.get(name) ??
        withOtherSources(
          given,
          fieldValue(machine, name, field, type.members.get(name)?.value, prefix),
        ),
      file,
      line,
      column,
    });
  }
  return { kind: "instance", members, origin: NO_ORIGIN };
}

/** A field that nothing seen gives may stand in a directory of secrets, or among arguments not known. */
function withOtherSources({ named, isOpen }: CallArguments, value: Value): Value {
  const isElsewhere = isOpen || named.has("_secrets_dir");
  const isUnset = value.origin.reads.every(({ state }) => state === "unset");
  if (!isElsewhere || !isUnset) return value;
  return unknownValue("a directory of secrets or an argument may give it", [value.origin]);
}

/** The fields of a dataclass or model without a constructor of its own, as far as they are given by name. */
function withFields({ members, fields }: Class, { named }: CallArguments): Class["members"] {
  if (named.size === 0 || fields.size === 0 || members.has("__init__")) return members;
  const filled = new Map<string, Binding>(members);
  for (const [name, { file, line, column }] of fields) {
    const value = named.get(name);
    if (value !== undefined) filled.set(name, { value, file, line, column });
  }
  return filled;
}

/** Whether a class of the project is a pydantic `BaseSettings`. */
export function isSettings(type: Class, depth = 0): boolean {
  return type.bases.some((base) => {
    if (base.kind === "external") return /(?:^|\.)BaseSettings$/.test(base.path);
    return base.kind === "class" && depth < 8 && isSettings(base, depth + 1);
  });
}

function prefixOf(type: Class): string {
  const config = type.members.get("model_config")?.value;
  const inner = type.members.get("Config")?.value;
  const prefix =
    config?.kind === "external"
      ? config.made?.call.named.get("env_prefix")
      : config?.kind === "dict"
        ? config.entries.find(({ key }) => key.kind === "text" && key.text === "env_prefix")?.value
        : inner?.kind === "class"
          ? inner.members.get("env_prefix")?.value
          : undefined;
  return prefix?.kind === "text" ? prefix.text : "";
}

function fieldValue(
  machine: Machine,
  name: string,
  { annotation }: Field,
  declared: Value | undefined,
  prefix: string,
): Value {
  const field =
    declared?.kind === "external" && /Field\(\)$/.test(declared.path) ? declared : undefined;
  const call = field?.made?.call;
  const fallback = field === undefined ? declared : givenDefault(call);
  const alias =
    call?.named.get("validation_alias") ?? call?.named.get("alias") ?? call?.named.get("env");
  const variable = alias?.kind === "text" ? alias.text : prefix + name;
  const value = readVariable(
    machine,
    spelling(machine, variable),
    fallback === undefined
      ? { kind: "raises", exception: "ValidationError" }
      : { kind: "default", value: fallback },
  );
  const isDefault = value.origin.reads.some(({ state }) => state === "unset");
  if (isDefault || value.kind !== "text") return value;
  return cast(annotation, value);
}

/** `Field("a")`, `Field(default="a")`, `Field(default_factory=list)`; `Field(...)` has none. */
function givenDefault(call: CallArguments | undefined): Value | undefined {
  const given = call?.named.get("default") ?? call?.positional[0];
  if (given !== undefined) return given.kind === "unknown" ? undefined : given;
  return call?.named.has("default_factory") === true
    ? unknownValue("it is made by the field's default_factory")
    : undefined;
}

/** The name as it is set: upper case is the custom, any case is taken. */
function spelling(machine: Machine, name: string): string {
  const candidates = [name.toUpperCase(), name, name.toLowerCase()];
  return (
    candidates.find((candidate) => machine.project.variable(candidate).state === "set") ??
    name.toUpperCase()
  );
}

function cast(annotation: string, value: Value & { kind: "text" }): Value {
  const type = annotation.replace(/^Optional\[(.*)\]$/, "$1").replace(/\s*\|\s*None$/, "");
  if (/^(?:list|List|tuple|Tuple|set|Set)\b/.test(type))
    return value.text.trimStart().startsWith("[")
      ? castByName("json", PYDANTIC_BOOL, value)
      : commaList(value.text, value.origin, true);
  if (["bool", "int", "float", "dict"].includes(type))
    return castByName(type, PYDANTIC_BOOL, value);
  return value;
}
