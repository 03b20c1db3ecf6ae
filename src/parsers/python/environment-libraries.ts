import {
  type BooleanIdiom,
  castByName,
  commaList,
  DECOUPLE_BOOL,
  DJANGO_ENVIRON_BOOL,
  ENVIRONS_BOOL,
  STARLETTE_BOOL,
} from "./casts.ts";
import { type Missing, readVariable } from "./environment-read.ts";
import type { CallSite, Machine } from "./machine.ts";
import {
  type CallArguments,
  type External,
  none,
  unknownValue,
  type Value,
  withOrigins,
} from "./value.ts";

/** One look-up through a library that reads, casts and defaults environment variables. */
interface LookUp {
  readonly name: string;
  readonly cast: Value | undefined;
  readonly default: Value | undefined;
  readonly exception: string;
  readonly booleans: BooleanIdiom;
  /** decouple and starlette cast the default as well. */
  readonly castsDefault: boolean;
}

/**
 * django-environ, environs, python-decouple and starlette's `Config`: `undefined` for any other call.
 */
export function callEnvironmentLibrary(
  machine: Machine,
  callee: External,
  call: CallArguments,
  site: CallSite,
): Value | undefined {
  const { path } = callee;
  const method = path.slice(path.lastIndexOf(".") + 1);
  if (method === "read_env" || method === "read_envfile" || method === "load_dotenv") return none();
  const request = environRequest(callee, call) ?? configRequest(path, call);
  return request === undefined ? undefined : answer(machine, request, site);
}

const ENVIRON = /^(environ|environs)\.(?:Env|FileAwareEnv|env)(?:\(\))?(?:\.([a-z_]+))?$/;

function environRequest({ path, made }: External, call: CallArguments): LookUp | undefined {
  const match = ENVIRON.exec(path);
  const name = call.named.get("var") ?? call.named.get("name") ?? call.positional[0];
  if (match === null || name?.kind !== "text" || made === undefined) return undefined;
  const [, library, method] = match;
  const isDjango = library === "environ";
  const { declared, fallback } = schemeOf(made.call.named.get(name.text));
  const prefix = made.call.named.get("prefix");
  const given = call.named.get("cast") ?? (isDjango ? (call.positional[1] ?? declared) : undefined);
  return {
    name: prefix?.kind === "text" ? prefix.text + name.text : name.text,
    cast: method === undefined ? given : { kind: "external", path: method, origin: name.origin },
    default: call.named.get("default") ?? defaultArgument(library, method, call) ?? fallback,
    exception: isDjango ? "ImproperlyConfigured" : "EnvError",
    booleans: isDjango ? DJANGO_ENVIRON_BOOL : ENVIRONS_BOOL,
    castsDefault: false,
  };
}

/** `Env(DEBUG=(bool, False))` declares cast and default, `Env(DEBUG=bool)` the cast. */
function schemeOf(scheme: Value | undefined): {
  readonly declared: Value | undefined;
  readonly fallback: Value | undefined;
} {
  if (scheme?.kind !== "list" || scheme.items.length !== 2)
    return { declared: scheme, fallback: undefined };
  return { declared: scheme.items[0], fallback: scheme.items[1] };
}

/** `env("X", cast, default)`, `env.bool("X", default)`; environs takes the default second always. */
function defaultArgument(
  library: string | undefined,
  method: string | undefined,
  call: CallArguments,
): Value | undefined {
  return library === "environs" || method !== undefined ? call.positional[1] : call.positional[2];
}

const CONFIGS: ReadonlySet<string> = new Set([
  "decouple.config",
  "decouple.Config()",
  "decouple.AutoConfig()",
  "starlette.config.Config()",
]);

function configRequest(path: string, call: CallArguments): LookUp | undefined {
  const [name] = call.positional;
  if (!CONFIGS.has(path) || name?.kind !== "text") return undefined;
  const isStarlette = path.startsWith("starlette");
  return {
    name: name.text,
    cast: call.named.get("cast") ?? call.positional[isStarlette ? 1 : 2],
    default: call.named.get("default") ?? call.positional[isStarlette ? 2 : 1],
    exception: isStarlette ? "KeyError" : "UndefinedValueError",
    booleans: isStarlette ? STARLETTE_BOOL : DECOUPLE_BOOL,
    castsDefault: true,
  };
}

function answer(machine: Machine, request: LookUp, site: CallSite): Value {
  const missing: Missing =
    request.default === undefined
      ? { kind: "raises", exception: request.exception }
      : { kind: "default", value: request.default };
  const value = readVariable(machine, request.name, missing);
  const isDefault = value.origin.reads.some(
    ({ variable, state }) => variable === request.name && state === "unset",
  );
  if (isDefault && !request.castsDefault) return value;
  return value.kind === "text" ? castText(machine, request, value, site) : value;
}

function castText(
  machine: Machine,
  { cast, booleans }: LookUp,
  value: Value & { kind: "text" },
  site: CallSite,
): Value {
  if (cast === undefined || cast.kind === "none") return value;
  if (cast.kind === "external") {
    if (cast.path === "decouple.Csv()") return csv(machine, cast, value, site);
    if (NAMED_CASTS.has(cast.path)) return castByName(cast.path, booleans, value);
  }
  if (cast.kind === "list" && cast.items.length <= 1) return castByName("list", booleans, value);
  if (cast.kind !== "external" && cast.kind !== "function" && cast.kind !== "method")
    return unknownValue("a cast that is not worked out", [value.origin]);
  const call = { positional: [value], named: new Map<string, Value>(), isOpen: false };
  return withOrigins(machine.call(cast, call, site), [value.origin]);
}

const NAMED_CASTS: ReadonlySet<string> = new Set(
  "bool int float str list tuple json dict".split(" "),
);

function csv(
  machine: Machine,
  { made }: External,
  value: Value & { kind: "text" },
  site: CallSite,
): Value {
  const parts = commaList(value.text, value.origin, true);
  const cast = made?.call.named.get("cast") ?? made?.call.positional[0];
  if (cast === undefined || parts.kind !== "list") return parts;
  const items = parts.items.map((item) =>
    machine.call(cast, { positional: [item], named: new Map(), isOpen: false }, site),
  );
  return { ...parts, items };
}
