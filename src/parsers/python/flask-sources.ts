import { readVariable } from "./environment-read.ts";
import { type Config, hideEntries, setEntry } from "./flask-entries.ts";
import type { CallSite, Machine } from "./machine.ts";
import {
  type Binding,
  type CallArguments,
  NO_ORIGIN,
  none,
  type Scope,
  type Value,
} from "./value.ts";

/** A class, an object, a module, or the dotted name of one: its names in upper case. */
export function fromObject(
  machine: Machine,
  config: Config,
  { positional: [given] }: CallArguments,
  site: CallSite,
): Value {
  const object = given?.kind === "text" ? named(machine, given.text, site) : given;
  if (object?.kind === "raises") return object;
  const members = membersOf(machine, object);
  if (members !== undefined) takeAll(machine, config, members, site);
  else {
    const written = given?.kind === "text" ? given.text : "the object";
    hideEntries(machine, config, site, `what ${written} holds is not known`);
  }
  return none();
}

function membersOf(
  machine: Machine,
  object: Value | undefined,
): ReadonlyMap<string, Binding> | undefined {
  const live = object?.kind === "class" ? liveClass(machine, object) : object;
  if (live?.kind === "module") return live.scope.bindings;
  return live?.kind === "class" || live?.kind === "instance" ? live.members : undefined;
}

function takeAll(
  machine: Machine,
  config: Config,
  members: ReadonlyMap<string, Binding>,
  { place }: CallSite,
): void {
  for (const [name, { value, ...at }] of members)
    if (/^[A-Z][A-Z0-9_]*$/.test(name))
      setEntry(machine, config, name, value, { file: at.file, place: at.line > 0 ? at : place });
}

/** The module, or the name in one, that a dotted path is of. */
function named(machine: Machine, path: string, { scope }: CallSite): Value | undefined {
  const module = moduleNamed(machine, scope, path);
  if (module !== undefined) return { kind: "module", scope: module, origin: NO_ORIGIN };
  const at = path.search(/[.:][^.:]*$/);
  if (at < 0) return undefined;
  return moduleNamed(machine, scope, path.slice(0, at))?.bindings.get(path.slice(at + 1))?.value;
}

function moduleNamed(machine: Machine, scope: Scope, path: string): Scope | undefined {
  const file = machine.project.resolve(scope.file, 0, path);
  if (file === undefined) return undefined;
  if (machine.project.module(file) === undefined) machine.wanted.add(file);
  return machine.load(file);
}

const NOT_LIVE: ReadonlySet<string> = new Set(
  "test tests testing unittest dev devel develop development local debug ci sandbox".split(" "),
);
const LIVE: ReadonlySet<string> = new Set("prod production live release server deploy".split(" "));

/** Whether a class is for development or tests, or for production, by the words of its name. */
function isNamed({ name }: { readonly name: string }, words: ReadonlySet<string>): boolean {
  const own = name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  return own.some((word) => words.has(word.toLowerCase()));
}

/**
 * The class of several that production runs with: a class for development or tests is chosen by the default
 * of a developer's machine, and is taken for the one for production beside it.
 */
function liveClass(machine: Machine, chosen: Value & { kind: "class" }): Value {
  if (!isNamed(chosen, NOT_LIVE)) return chosen;
  const beside = classesBeside(machine, chosen);
  return (
    beside.find((each) => isNamed(each, LIVE)) ??
    chosen.bases.find((base) => base.kind === "class" && !isNamed(base, NOT_LIVE)) ??
    chosen
  );
}

function classesBeside(machine: Machine, chosen: Value): readonly (Value & { kind: "class" })[] {
  for (const scope of machine.modules.values()) {
    if (scope === "loading") continue;
    const classes = [...scope.bindings.values()].flatMap(({ value }) =>
      value.kind === "class" ? [value] : [],
    );
    if (classes.includes(chosen as Value & { kind: "class" })) return classes;
  }
  return [];
}

/** Of a dictionary of classes with a key that is not known, the one that production runs with. */
export function liveClassOf({ entries }: Value & { kind: "dict" }): Value | undefined {
  const classes = entries.flatMap(({ value }) => (value.kind === "class" ? [value] : []));
  if (classes.length === 0 || classes.length < entries.length) return undefined;
  const live = new Set(classes.filter((each) => !isNamed(each, NOT_LIVE)));
  const production = [...live].find((each) => isNamed(each, LIVE));
  return production ?? (live.size === 1 ? [...live][0] : undefined);
}

/** `app.config.from_pyfile("config.py", silent=True)`: run as a module. */
export function fromFile(
  machine: Machine,
  config: Config,
  { positional: [path], named: arguments_ }: CallArguments,
  site: CallSite,
): Value {
  const file = fileOf(machine, path ?? arguments_.get("filename"), site);
  if (file === undefined) {
    const silent = arguments_.get("silent");
    if (silent?.kind !== "boolean" || !silent.value)
      hideEntries(machine, config, site, "a file of settings is not in the directory");
    return none();
  }
  if (machine.project.module(file) === undefined) machine.wanted.add(file);
  const scope = machine.load(file);
  if (scope === undefined) hideEntries(machine, config, site, `what ${file} sets is not known`);
  takeAll(machine, config, scope?.bindings ?? new Map(), site);
  return none();
}

/** A file by its path below the audited directory, beside the module, or in the instance's directory. */
export function fileOf(
  { project }: Machine,
  path: Value | undefined,
  { scope }: CallSite,
): string | undefined {
  const text = path?.kind === "text" ? path.text : path?.kind === "path" ? path.path : undefined;
  if (text === undefined || text === "" || text.startsWith("/")) return undefined;
  const home = scope.file.split("/").slice(0, -1);
  const bases = [home, [], ["instance"], home.slice(0, -1)];
  return bases
    .map((base) => normalized([...base, ...text.split("/")]))
    .find((candidate) => candidate !== undefined && project.exists(candidate) === true);
}

function normalized(parts: readonly string[]): string | undefined {
  const found: string[] = [];
  for (const part of parts) {
    if (part === "." || part === "") continue;
    if (part !== "..") found.push(part);
    else if (found.pop() === undefined) return undefined;
  }
  return found.join("/");
}

/** `from_envvar("APP_SETTINGS")`: the variable holds the path of a file. */
export function fromVariable(
  machine: Machine,
  config: Config,
  call: CallArguments,
  site: CallSite,
): Value {
  const [name] = call.positional;
  if (name?.kind !== "text") return none();
  const path = readVariable(machine, name.text, { kind: "none" });
  if (path.kind === "none") return none();
  if (path.kind !== "text")
    hideEntries(machine, config, site, `what the file of ${name.text} sets is not known`);
  else fromFile(machine, config, { ...call, positional: [path], named: new Map() }, site);
  return none();
}

/** Keys that a variable with the prefix may set (`FLASK_SECRET_KEY`). */
const PREFIXED = [
  ...["SECRET_KEY", "SECRET_KEY_FALLBACKS", "DEBUG", "TESTING", "SERVER_NAME", "TRUSTED_HOSTS"],
  ...["SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"],
  ...["SESSION_COOKIE_NAME", "PERMANENT_SESSION_LIFETIME", "MAX_CONTENT_LENGTH"],
  ...["PREFERRED_URL_SCHEME", "REMEMBER_COOKIE_SECURE", "REMEMBER_COOKIE_HTTPONLY"],
  ...["REMEMBER_COOKIE_SAMESITE", "WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"],
  ...["RATELIMIT_ENABLED", "RATELIMIT_DEFAULT", "CORS_ORIGINS", "SQLALCHEMY_DATABASE_URI"],
];

export function fromPrefix(
  machine: Machine,
  config: Config,
  call: CallArguments,
  site: CallSite,
): Value {
  const given = call.named.get("prefix") ?? call.positional[0];
  const prefix = given?.kind === "text" ? given.text : "FLASK";
  for (const key of PREFIXED) {
    const variable = `${prefix}_${key}`;
    const value = readVariable(machine, variable, { kind: "none" });
    if (value.kind === "none") continue;
    setEntry(machine, config, key, fromJson(value), { file: site.scope.file, place: site.place });
  }
  return none();
}

/** `from_prefixed_env` reads JSON, and takes what is none as text. */
function fromJson(value: Value): Value {
  if (value.kind !== "text") return value;
  const { origin } = value;
  const word = value.text.trim();
  if (word === "true" || word === "false")
    return { kind: "boolean", value: word === "true", origin };
  if (word === "null") return none(origin);
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(word))
    return { kind: "number", number: Number(word), isFloat: word.includes("."), origin };
  return value;
}
