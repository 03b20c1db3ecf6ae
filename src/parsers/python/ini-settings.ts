import { castBoolean, STRTOBOOL } from "./casts.ts";
import { readVariable } from "./environment-read.ts";
import type { Machine } from "./machine.ts";
import {
  type CallArguments,
  type External,
  type IniSections,
  NO_ORIGIN,
  none,
  number,
  raises,
  text,
  type Value,
} from "./value.ts";

const PARSER = /^configparser\.(?:Raw|Safe)?ConfigParser\(\)$/;
const SECTION = "configparser.section";
const LINES_MAX = 5_000;
const NOT_FOUND = "the option is not in the file";

const HEADER = /^\[([^\]]+)\]/;
const OPTION = /^([^\s#;=:[][^=:]*?)\s*[=:]\s*(.*?)\s*$/;
const CONTINUED = /^\s+[^\s#;]/;

export interface IniOption {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** The options of an INI file with their lines, in order; of a value that goes on only its first line. */
export function iniOptions(source: string): readonly IniOption[] {
  return source
    .split(/\r?\n/)
    .slice(0, LINES_MAX)
    .flatMap((line, at) => {
      const [, name, text = ""] = OPTION.exec(line) ?? [];
      return name === undefined ? [] : [{ name, text, line: at + 1 }];
    });
}

/** Whether a value is a parser of INI files, a section or an option of one. */
export function isIni(value: Value | undefined): boolean {
  return value?.kind === "external" && (PARSER.test(value.path) || value.path === SECTION);
}

/** An INI file as Python's `configparser` reads it: comments on lines of their own, values that go on indented. */
export function parseIni(source: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let option = "";
  for (const line of source.split(/\r?\n/).slice(0, LINES_MAX)) {
    const header = HEADER.exec(line)?.[1];
    const [, name, value = ""] = OPTION.exec(line) ?? [];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string>();
      sections.set(header, section);
      option = "";
    } else if (name !== undefined) {
      section.set(name, value);
      option = name;
    } else if (CONTINUED.test(line) && section.has(option))
      section.set(option, `${section.get(option)}\n${line.trim()}`);
  }
  return sections;
}

/** `parser["section"]`, and of that `["option"]`; `undefined` for anything else. */
export function iniItem(machine: Machine, object: Value & External, key: Value): Value | undefined {
  if (key.kind !== "text" || object.made === undefined) return undefined;
  if (PARSER.test(object.path)) return sectionOf(object, key);
  if (object.path !== SECTION) return undefined;
  return optionOf(machine, object, key.text) ?? raises("KeyError", NOT_FOUND);
}

function sectionOf(object: Value & External, name: Value): Value | undefined {
  if (object.made === undefined) return undefined;
  const { call, id } = object.made;
  return { ...object, path: SECTION, made: { id, call: { ...call, positional: [name] } } };
}

/** `.read(path)`, `.get(section, option)`, `section.getboolean(option, fallback=...)`. */
export function callIni(
  machine: Machine,
  callee: Value & External,
  call: CallArguments,
): Value | undefined {
  const at = callee.path.lastIndexOf(".");
  const owner = { ...callee, path: callee.path.slice(0, at) };
  const method = callee.path.slice(at + 1);
  if (owner.path === SECTION) return got(machine, owner, method, call.positional[0], call);
  if (!PARSER.test(owner.path)) return undefined;
  if (method === "read") return readFiles(machine, owner, call.positional[0]);
  const [section, option] = call.positional;
  const held = section?.kind === "text" ? sectionOf(owner, section) : undefined;
  return held?.kind === "external" ? got(machine, held, method, option, call) : undefined;
}

function readFiles(machine: Machine, { made }: External, given: Value | undefined): Value {
  const paths = given?.kind === "list" ? given.items : given === undefined ? [] : [given];
  for (const path of paths) {
    const file = path.kind === "path" ? path.path : path.kind === "text" ? path.text : "";
    const source = machine.project.document?.(file);
    if (source === undefined || made === undefined) continue;
    machine.inis.set(made.id, parseIni(source));
    machine.iniFiles.add(file);
  }
  return none();
}

const GETTERS: ReadonlySet<string> = new Set(["get", "getboolean", "getint", "getfloat"]);

function got(
  machine: Machine,
  section: Value & External,
  method: string,
  option: Value | undefined,
  { named, positional }: CallArguments,
): Value | undefined {
  if (!GETTERS.has(method) || option?.kind !== "text") return undefined;
  if (!machine.inis.has(section.made?.id ?? 0)) return undefined;
  // A section's own method takes the fallback by position as well, and answers None without one.
  const isProxy = positional[0] === option;
  const otherwise = isProxy ? (positional[1] ?? none()) : raises("NoOptionError", NOT_FOUND);
  const fallback = named.get("fallback");
  const value = optionOf(machine, section, option.text);
  if (value === undefined) return fallback ?? otherwise;
  return value.kind === "text" ? cast(value, method, option.text, fallback) : value;
}

function cast(
  value: Value & { kind: "text" },
  method: string,
  option: string,
  fallback: Value | undefined,
): Value {
  if (method === "get") return value;
  // An interpolation of the project's own makes no value of an empty one.
  if (value.text === "" && value.origin.reads.length > 0) return fallback ?? none(value.origin);
  return method === "getboolean"
    ? castBoolean(STRTOBOOL, value.text, value.origin)
    : asNumber(value, method === "getfloat", option);
}

function asNumber(value: Value & { kind: "text" }, isFloat: boolean, option: string): Value {
  const parsed = Number(value.text);
  return value.text.trim() === "" || Number.isNaN(parsed)
    ? raises("ValueError", `${option} is no number`, [value.origin])
    : number(parsed, isFloat, value.origin);
}

/** The text of an option; where an interpolation of the project's own reads the environment, that of an empty one. */
function optionOf(machine: Machine, { made }: External, option: string): Value | undefined {
  const [name] = made?.call.positional ?? [];
  const sections = machine.inis.get(made?.id ?? 0);
  const section = name?.kind === "text" ? sections?.get(name.text) : undefined;
  const held = section?.get(option) ?? section?.get(option.toLowerCase());
  if (held === undefined) return undefined;
  if (held !== "" || !readsEnvironment(made?.call.named.get("interpolation"))) return text(held);
  return readVariable(machine, option, { kind: "default", value: text("", NO_ORIGIN) });
}

function readsEnvironment(interpolation: Value | undefined): boolean {
  if (interpolation?.kind !== "instance" && interpolation?.kind !== "class") return false;
  const method = interpolation.members.get("before_get")?.value;
  if (method?.kind !== "function" || method.definition === undefined) return false;
  const { body } = method.definition;
  const [first] = body;
  const last = body.at(-1);
  if (first === undefined || last === undefined) return false;
  return /environ|getenv/.test(method.scope.source.slice(first.start, last.end));
}
