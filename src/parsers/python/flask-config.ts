import { type Config, hideEntries, setEntry } from "./flask-entries.ts";
import { fileOf, fromFile, fromObject, fromPrefix, fromVariable } from "./flask-sources.ts";
import type { CallSite, Machine } from "./machine.ts";
import type { Place } from "./syntax.ts";
import { type CallArguments, type External, none, type Value } from "./value.ts";

const CONFIG = /^(?:flask\.(?:app\.)?Flask|quart\.(?:app\.)?Quart)\(\)\.config$/;
const CURRENT = /^(?:flask|quart)\.(?:globals\.)?current_app\.config$/;
const APPLICATION = /^(?:flask\.(?:app\.)?Flask|quart\.(?:app\.)?Quart)\(\)$/;

/** Attributes of the application that are keys of its `config` (Flask, `app.py`). */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  secret_key: "SECRET_KEY",
  debug: "DEBUG",
  testing: "TESTING",
  permanent_session_lifetime: "PERMANENT_SESSION_LIFETIME",
  session_cookie_name: "SESSION_COOKIE_NAME",
  send_file_max_age_default: "SEND_FILE_MAX_AGE_DEFAULT",
  use_x_sendfile: "USE_X_SENDFILE",
};

/** The `config` an expression stands for; `current_app` is the application that was made last. */
function configOf(machine: Machine, { path, made }: External, suffix = ""): Config | undefined {
  const base = suffix === "" ? path : path.slice(0, -suffix.length);
  if (!path.endsWith(suffix)) return undefined;
  if (CURRENT.test(base)) return [...machine.configs.values()].at(-1);
  return made !== undefined && CONFIG.test(base) ? configWith(machine, made.id) : undefined;
}

function configWith(machine: Machine, id: number): Config {
  const known = machine.configs.get(id);
  if (known !== undefined) return known;
  const made: Config = new Map();
  machine.configs.set(id, made);
  return made;
}

/** `app.config["KEY"]`; `undefined` for what nothing has set so far, as the framework may have a default. */
export function flaskConfigItem(machine: Machine, object: External, key: Value): Value | undefined {
  if (key.kind !== "text") return undefined;
  return configOf(machine, object)?.get(key.text)?.value;
}

/** `app.config["KEY"] = value`, `app.secret_key = value`. Returns whether it was one of them. */
export function storeFlaskConfig(
  machine: Machine,
  object: External,
  key: string,
  value: Value,
  at: { readonly file: string; readonly place: Place },
): void {
  if (object.made !== undefined && APPLICATION.test(object.path)) {
    const name = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
    if (name !== undefined) setEntry(machine, configWith(machine, object.made.id), name, value, at);
    return;
  }
  const config = configOf(machine, object);
  if (config !== undefined) setEntry(machine, config, key, value, at);
}

type Method = (machine: Machine, config: Config, call: CallArguments, site: CallSite) => Value;

/** A method of `config`; `undefined` for any other call. */
export function callFlaskConfig(
  machine: Machine,
  callee: External,
  call: CallArguments,
  site: CallSite,
): Value | undefined {
  const name = callee.path.slice(callee.path.lastIndexOf(".") + 1);
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const config = method === undefined ? undefined : configOf(machine, callee, `.${name}`);
  return config === undefined ? undefined : method?.(machine, config, call, site);
}

const METHODS: Readonly<Record<string, Method>> = {
  get: (_machine, config, { positional: [key, fallback] }) =>
    (key?.kind === "text" ? config.get(key.text)?.value : undefined) ?? fallback ?? none(),
  setdefault(machine, config, { positional: [key, value] }, site) {
    if (key?.kind !== "text") return none();
    const before = config.get(key.text);
    if (before === undefined && value !== undefined)
      setEntry(machine, config, key.text, value, { file: site.scope.file, place: site.place });
    return config.get(key.text)?.value ?? none();
  },
  update: mapping,
  from_mapping: mapping,
  from_object: fromObject,
  from_pyfile: fromFile,
  from_envvar: fromVariable,
  from_prefixed_env: fromPrefix,
  from_file: (machine, config, { positional: [path] }, site) => {
    const file = fileOf(machine, path, site);
    if (file !== undefined) hideEntries(machine, config, site, `what ${file} sets is not known`);
    return none();
  },
};

function mapping(machine: Machine, config: Config, call: CallArguments, site: CallSite): Value {
  const { file } = site.scope;
  const [first] = call.positional;
  if (first !== undefined && first.kind !== "none" && first.kind !== "dict")
    hideEntries(machine, config, site, "what the mapping holds is not known");
  for (const { key, value, line } of first?.kind === "dict" ? first.entries : [])
    if (key.kind === "text")
      setEntry(machine, config, key.text, value, {
        file,
        place: line > 0 ? { line, column: 1 } : site.place,
      });
  for (const [name, value] of call.named)
    setEntry(machine, config, name, value, { file, place: call.places?.get(name) ?? site.place });
  return none();
}
