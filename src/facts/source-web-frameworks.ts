import { createMachine, runEntry } from "../parsers/python/interpret.ts";
import type { CallRecord, Machine, StoreRecord } from "../parsers/python/machine.ts";
import { boolean, type Value } from "../parsers/python/value.ts";
import type { AppSetting } from "./app-settings.fact.ts";
import type { PythonProject } from "./python-project.ts";
import { emptyEnvironment, environmentLookUp } from "./source-environment.ts";
import { type FoundSetting, type SettingContext, settingOf } from "./source-setting.ts";

/** Text that makes an imported module worth parsing for an application's settings: it gives one of them a value. */
const SETTINGS_NEEDLE =
  /\benviron\b|getenv|BaseSettings|decouple|^class\s+\w*Config\b|\b(?:DEBUG|\w*SECRET\w*|\w*HOSTS)\s*(?::[^=\n]{1,60})?=|FastAPI\(|Flask\(|Starlette\(/m;

/**
 * The settings of a FastAPI, Starlette or Flask application made in a file: arguments of the
 * constructor, of the middleware and of the development server, and Flask's `config`.
 */
export async function webFrameworkSettings(
  context: SettingContext,
  python: PythonProject,
  file: string,
  isScriptRun: boolean,
): Promise<readonly AppSetting[]> {
  await python.loadClosure(file, { text: SETTINGS_NEEDLE });
  const machine = createMachine(python.under(environmentLookUp(context.environment)), file);
  runEntry(machine, file);
  const fallbacks = createMachine(python.under(emptyEnvironment), file);
  runEntry(fallbacks, file);
  const defaults = new Map(
    foundIn(fallbacks, true).map((found) => [keyOf(found), found.value] as const),
  );
  return foundIn(machine, isScriptRun).map((found) => {
    const setting = settingOf(context, { ...found, fallback: defaults.get(keyOf(found)) });
    return found.isAbsent === true ? absentOf(setting) : setting;
  });
}

type Found = FoundSetting & { readonly isAbsent?: boolean };

function keyOf({ name, file, line }: FoundSetting): string {
  return `${name} ${file}:${line}`;
}

function absentOf(setting: AppSetting): AppSetting {
  const { value: _, ...rest } = setting;
  return {
    ...rest,
    kind: "absent",
    resolved: { state: "known", value: false, from: "default" },
    chain: `${setting.name} is not given, the default is False <- ${setting.file}:${setting.line}`,
  };
}

/** Constructors by the names they go by in their packages. */
const CONSTRUCTORS: Readonly<Record<string, "FastAPI" | "Starlette" | "Flask">> = {
  "fastapi.FastAPI": "FastAPI",
  "fastapi.applications.FastAPI": "FastAPI",
  "starlette.applications.Starlette": "Starlette",
  "flask.Flask": "Flask",
  "flask.app.Flask": "Flask",
  "quart.Quart": "Flask",
};

function constructorOf(path: string): "FastAPI" | "Starlette" | "Flask" | undefined {
  const name = path.endsWith("()") ? path.slice(0, -2) : path;
  return Object.hasOwn(CONSTRUCTORS, name) ? CONSTRUCTORS[name] : undefined;
}

function foundIn({ calls, stores }: Machine, isScriptRun: boolean): readonly Found[] {
  const live = <R extends { readonly isUnderMain: boolean }>(records: readonly R[]): readonly R[] =>
    records.filter(({ isUnderMain }) => isScriptRun || !isUnderMain);
  const fromStores = live(stores).flatMap(storedSetting);
  return [...live(calls).flatMap((record) => calledSettings(record, fromStores)), ...fromStores];
}

function at({
  file,
  place,
}: CallRecord | StoreRecord): Pick<Found, "file" | "line" | "column" | "fallback"> {
  return { file, line: place.line, column: place.column, fallback: undefined };
}

function calledSettings(record: CallRecord, stored: readonly Found[]): readonly Found[] {
  const { path, call } = record;
  const made = constructorOf(path);
  if (made !== undefined) return constructed(record, made, stored);
  const name = path.slice(path.lastIndexOf(".") + 1);
  const given = (argument: string, setting: string): readonly Found[] => {
    const value = call.named.get(argument);
    return value === undefined ? [] : [{ name: setting, value, ...at(record) }];
  };
  if (path === "uvicorn.run")
    return [...given("reload", "uvicorn.run.reload"), ...given("debug", "uvicorn.run.debug")];
  if (name === "TrustedHostMiddleware")
    return given("allowed_hosts", "TrustedHostMiddleware.allowed_hosts");
  if (name === "add_middleware" || name === "Middleware") return middleware(record);
  if (flaskMember(path) === ".run") return given("debug", "app.run.debug");
  if (flaskMember(path) === ".config.update" || flaskMember(path) === ".config.from_mapping")
    return mapping(record);
  return flaskMember(path) === ".config.from_object" ? fromObject(record) : [];
}

function constructed(
  record: CallRecord,
  made: "FastAPI" | "Starlette" | "Flask",
  stored: readonly Found[],
): readonly Found[] {
  const value = record.call.named.get("debug");
  if (made !== "Flask" && value !== undefined)
    return [{ name: `${made}.debug`, value, ...at(record) }];
  const name = made === "Flask" ? "Flask.DEBUG" : `${made}.debug`;
  if (stored.some((setting) => setting.name === name)) return [];
  return [{ name, value: boolean(false), ...at(record), isAbsent: true }];
}

/** `app.add_middleware(TrustedHostMiddleware, allowed_hosts=...)`. */
function middleware(record: CallRecord): readonly Found[] {
  const [type] = record.call.positional;
  const value = record.call.named.get("allowed_hosts");
  if (type?.kind !== "external" || value === undefined) return [];
  if (!type.path.endsWith("TrustedHostMiddleware")) return [];
  return [{ name: "TrustedHostMiddleware.allowed_hosts", value, ...at(record) }];
}

/** `.config.update` of `flask.Flask().config.update`. */
function flaskMember(path: string): string | undefined {
  const match = /^((?:flask|quart)[\w.]*\(\))(\.[\w.]+)$/.exec(path);
  return match?.[1] !== undefined && constructorOf(match[1]) === "Flask" ? match[2] : undefined;
}

const FLASK_KEYS: ReadonlySet<string> = new Set([
  "DEBUG",
  "SECRET_KEY",
  "SECRET_KEY_FALLBACKS",
  "SERVER_NAME",
  "TRUSTED_HOSTS",
  "SESSION_COOKIE_SECURE",
  "SESSION_COOKIE_HTTPONLY",
  "SESSION_COOKIE_SAMESITE",
  "PERMANENT_SESSION_LIFETIME",
]);

function storedSetting(record: StoreRecord): readonly Found[] {
  const { path, key, value } = record;
  const made = constructorOf(path);
  if (made !== undefined) {
    const name = key === "debug" || key === "secret_key" ? key : undefined;
    if (name === undefined) return [];
    const shown = made === "Flask" ? `Flask.${name.toUpperCase()}` : `${made}.${name}`;
    return [{ name: shown, value, ...at(record) }];
  }
  if (flaskMember(path) !== ".config" || !FLASK_KEYS.has(key)) return [];
  return [{ name: `Flask.${key}`, value, ...at(record) }];
}

function mapping(record: CallRecord): readonly Found[] {
  const [first] = record.call.positional;
  const entries =
    first?.kind === "dict"
      ? first.entries.flatMap(({ key, value }): readonly (readonly [string, Value])[] =>
          key.kind === "text" ? [[key.text, value]] : [],
        )
      : [];
  return [...entries, ...record.call.named]
    .filter(([key]) => FLASK_KEYS.has(key))
    .map(([key, value]) => ({ name: `Flask.${key}`, value, ...at(record) }));
}

/** `app.config.from_object(Config)`: the class or module's own names. */
function fromObject(record: CallRecord): readonly Found[] {
  const [object] = record.call.positional;
  const members =
    object?.kind === "class" || object?.kind === "instance"
      ? object.members
      : object?.kind === "module"
        ? object.scope.bindings
        : undefined;
  return [...(members ?? [])]
    .filter(([key]) => FLASK_KEYS.has(key))
    .map(([key, { value, file, line, column }]) => ({
      name: `Flask.${key}`,
      value,
      file,
      line,
      column,
      fallback: undefined,
    }));
}
