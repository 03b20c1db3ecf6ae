import type { CallRecord, Machine } from "../../parsers/python/machine.ts";
import {
  boolean,
  type CallArguments,
  type ConfigEntry,
  text,
  truthOf,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import type { PythonRow } from "./python-row.ts";

/** An extension given to an application: by its constructor, or by `init_app`. */
export interface Extension {
  readonly record: CallRecord;
  readonly call: CallArguments;
}

/**
 * Where extensions of a name are laid over an application. What their constructor was given besides counts
 * for `init_app` too.
 */
export function extensions({ calls }: Machine, name: RegExp): readonly Extension[] {
  const made = new Map(calls.filter(({ path }) => name.test(path)).map((call) => [call.id, call]));
  return calls.flatMap((record): readonly Extension[] => {
    const { path, call, receiver, isUnderMain } = record;
    if (isUnderMain) return [];
    if (path.endsWith(INIT) && name.test(path.slice(0, -INIT.length)))
      return [{ record, call: withMaker(call, made.get(receiver ?? 0)) }];
    const isApplied = call.positional.length > 0 || call.named.has("app");
    return name.test(path) && isApplied ? [{ record, call }] : [];
  });
}

const INIT = "().init_app";

function withMaker(call: CallArguments, maker: CallRecord | undefined): CallArguments {
  if (maker === undefined) return call;
  const named = new Map([...maker.call.named, ...call.named]);
  return { ...call, named, isOpen: call.isOpen || maker.call.isOpen };
}

type Place = Pick<PythonRow, "file" | "line" | "column" | "condition">;

/** Where an argument stands, else the call. */
export function placeOf({ file, place, condition, call }: CallRecord, argument = ""): Place {
  const { line, column } = call.places?.get(argument) ?? place;
  return { file, line, column, ...(condition === undefined ? {} : { condition }) };
}

/** The value of an argument, or the extension's default. */
export function argumentOf({ call }: Extension, name: string, fallback: Value): Value {
  const given = call.named.get(name);
  if (given !== undefined) return given;
  return call.isOpen ? unknownValue(`${name} may be among arguments that are not known`) : fallback;
}

const PROXY_FIX = /(?:^|\.)ProxyFix$/;

/** `ProxyFix(app.wsgi_app, x_for=1)`: how many proxies are believed for what (werkzeug: one, for `x_for` and `x_proto`). */
export function proxyRows({ calls }: Machine): readonly PythonRow[] {
  return calls
    .filter(({ path, isUnderMain }) => PROXY_FIX.test(path) && !isUnderMain)
    .map((record) => ({
      slug: "flask.proxyfix",
      framework: "flask",
      name: "ProxyFix",
      ...placeOf(record),
      value: {
        kind: "dict",
        entries: [...record.call.named].map(([key, value]) => ({ key: text(key), value, line: 0 })),
        origin: { reads: [], idiom: "" },
      },
    }));
}

const CORS = /^flask_cors(?:\.extension)?\.CORS$/;

type Config = ReadonlyMap<string, ConfigEntry>;

/** Flask-CORS 3 to 6: every origin where none are given, credentials off. */
export function corsRows(machine: Machine, config: Config): readonly PythonRow[] {
  return extensions(machine, CORS).flatMap((each) => {
    const resources = each.call.named.get("resources");
    const own = resources?.kind === "dict" ? resources.entries : [];
    if (own.length === 0) return pairOf(each, config, each.call.named, undefined);
    return own.flatMap(({ key, value }) =>
      pairOf(each, config, optionsOf(value), key.kind === "text" ? key.text : undefined),
    );
  });
}

function optionsOf(value: Value): ReadonlyMap<string, Value> {
  if (value.kind !== "dict") return new Map();
  return new Map(
    value.entries.flatMap(({ key, value: held }) =>
      key.kind === "text" ? [[key.text, held]] : [],
    ),
  );
}

function pairOf(
  each: Extension,
  config: Config,
  options: ReadonlyMap<string, Value>,
  subject: string | undefined,
): readonly PythonRow[] {
  const row = (name: string, key: string, fallback: Value): Omit<PythonRow, "slug"> => {
    const entry = config.get(key);
    const given = options.get(name) ?? each.call.named.get(name);
    const value = given ?? entry?.value ?? argumentOf(each, name, fallback);
    const at = given === undefined && entry !== undefined ? entry : placeOf(each.record, name);
    return {
      framework: "flask",
      ...(subject === undefined ? {} : { subject }),
      name: `CORS.${name}`,
      ...{ file: at.file, line: at.line, column: at.column, value },
    };
  };
  return [
    {
      ...row("origins", "CORS_ORIGINS", text("*")),
      slug: "cors.allow_origins",
      property: "cors.origins",
    },
    {
      ...row("supports_credentials", "CORS_SUPPORTS_CREDENTIALS", boolean(false)),
      slug: "cors.allow_credentials",
      property: "cors.credentials",
    },
  ];
}

const PROTECTORS = /^flask_wtf(?:\.csrf)?\.C(?:SRF|srf)Protect$|^flask_seasurf\.SeaSurf$/;
const PROTECT = /^flask_wtf(?:\.csrf)?\.C(?:SRF|srf)Protect\(\)\.protect$/;

/** Flask-WTF's and SeaSurf's protection of every request. */
export function protectionRows(machine: Machine, config: Config): readonly PythonRow[] {
  return extensions(machine, PROTECTORS).map(({ record }) => ({
    slug: "flask.csrf_protect",
    property: "csrf.enabled",
    framework: "flask",
    subject: record.path.startsWith("flask_seasurf") ? "SeaSurf" : "CSRFProtect",
    name: "CSRFProtect",
    ...placeOf(record),
    value: enabled(machine, config, record),
  }));
}

function enabled({ calls }: Machine, config: Config, { path }: CallRecord): Value {
  if (path.startsWith("flask_seasurf")) {
    const isOff = truthOf(config.get("CSRF_DISABLE")?.value ?? boolean(false));
    return isOff === undefined ? unknownValue("CSRF_DISABLE is not known") : boolean(!isOff);
  }
  const switched = config.get("WTF_CSRF_ENABLED")?.value ?? boolean(true);
  const checked = config.get("WTF_CSRF_CHECK_DEFAULT")?.value ?? boolean(true);
  if (truthOf(switched) !== true) return switched;
  if (truthOf(checked) !== false) return checked;
  // Checked only where the code asks for it.
  return boolean(calls.some((call) => PROTECT.test(call.path)));
}
