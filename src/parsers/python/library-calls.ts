import { castBoolean, commaList, jsonText, STRTOBOOL } from "./casts.ts";
import { callEnvironmentLibrary } from "./environment-libraries.ts";
import { isSet, readVariable } from "./environment-read.ts";
import { callFlaskConfig } from "./flask-config.ts";
import { callIni } from "./ini-settings.ts";
import type { CallSite, Machine } from "./machine.ts";
import { callPathLibrary } from "./path-calls.ts";
import { includeSettings, optionalFile } from "./split-settings.ts";
import { UndoMap } from "./undo-map.ts";
import {
  type Binding,
  boolean,
  type CallArguments,
  type External,
  list,
  none,
  type Origin,
  raises,
  type Scope,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

type LibraryCall = (machine: Machine, call: CallArguments, site: CallSite) => Value | undefined;

/** The argument at a position or of a name. */
export function argument(call: CallArguments, index: number, name: string): Value | undefined {
  return call.named.get(name) ?? call.positional[index];
}

/**
 * The result of calling something from outside the project; `undefined` when it is not one of the
 * calls through which settings are commonly made.
 */
export function callLibrary(
  machine: Machine,
  callee: Value & External,
  call: CallArguments,
  site: CallSite,
): Value | undefined {
  const { path } = callee;
  const known = Object.hasOwn(CALLS, path) ? CALLS[path] : undefined;
  const name = path.slice(path.lastIndexOf(".") + 1);
  const byName = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return (
    known?.(machine, call, site) ??
    callPathLibrary(machine, path, call) ??
    callEnvironmentLibrary(machine, callee, call, site) ??
    callFlaskConfig(machine, callee, call, site) ??
    callIni(machine, callee, call) ??
    byName?.(machine, call, site)
  );
}

const RANDOM: LibraryCall = () => unknownValue("it is a new random value at each start");

const CALLS: Readonly<Record<string, LibraryCall>> = {
  "os.getenv": getVariable,
  "os.environ.get": getVariable,
  "os.environ.pop": getVariable,
  "os.environ.setdefault": (machine, call) => {
    const [name, value] = call.positional;
    if (name?.kind !== "text" || value === undefined) return undefined;
    if (isSet(machine, name.text) === false) machine.overlay.set(name.text, value);
    return readVariable(machine, name.text, { kind: "default", value });
  },
  "json.loads": fromText((written, origin) => jsonText(written, origin)),
  "ast.literal_eval": fromText(literalText),
  "functools.partial": partial,
  "copy.copy": first,
  "copy.deepcopy": first,
  "typing.cast": (_machine, { positional }) => positional[1],
  "dotenv.load_dotenv": () => none(),
  "dotenv.dotenv_values": () => ({
    kind: "external",
    path: "os.environ",
    origin: { reads: [], idiom: "" },
  }),
  "sys.exit": () => raises("SystemExit", "the program ends itself"),
  exit: () => raises("SystemExit", "the program ends itself"),
  "split_settings.tools.include": includeSettings,
  "split_settings.tools.optional": optionalFile,
  "os.urandom": RANDOM,
  "secrets.token_urlsafe": RANDOM,
  "secrets.token_hex": RANDOM,
  "secrets.token_bytes": RANDOM,
  "secrets.choice": RANDOM,
  "uuid.uuid4": RANDOM,
  "urllib.parse.urlparse": parsedUrl,
  "urllib.parse.urlsplit": parsedUrl,
};

/** Well-known functions that live in more than one package. */
const BY_NAME: Readonly<Record<string, LibraryCall>> = {
  get_random_secret_key: RANDOM,
  strtobool: fromText((written, origin) => castBoolean(STRTOBOOL, written, origin)),
  str2bool: fromText((written, origin) => castBoolean(STRTOBOOL, written, origin)),
  gettext_lazy: first,
  gettext: first,
  Secret: first,
  SecretStr: first,
  CommaSeparatedStrings: fromText((written, origin) => commaList(written, origin, true)),
  split_domain_port: fromText((written, origin) => {
    const [, domain = "", port = ""] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(written) ?? [];
    return list([text(domain.toLowerCase(), origin), text(port, origin)], "tuple", origin);
  }),
};

function first(_machine: Machine, { positional: [value] }: CallArguments): Value | undefined {
  return value;
}

/** A function of the project with some of its arguments given already. */
function partial(_machine: Machine, { positional, named }: CallArguments): Value | undefined {
  const [callee, ...given] = positional;
  if (callee?.kind !== "function") return undefined;
  const bindings = new UndoMap<Binding>();
  const rest = callee.parameters.filter((parameter, at) => {
    const value = at < given.length ? given[at] : named.get(parameter.name);
    if (value !== undefined && parameter.spread === "")
      bindings.set(parameter.name, { value, file: callee.scope.file, line: 0, column: 0 });
    return value === undefined || parameter.spread !== "";
  });
  const scope: Scope = { ...callee.scope, kind: "function", bindings, parent: callee.scope };
  return { ...callee, parameters: rest, scope };
}

function getVariable(machine: Machine, call: CallArguments): Value | undefined {
  const name = argument(call, 0, "key");
  if (name?.kind !== "text") return undefined;
  const value = argument(call, 1, "default");
  return readVariable(
    machine,
    name.text,
    value === undefined ? { kind: "none" } : { kind: "default", value },
  );
}

function fromText(convert: (written: string, origin: Origin) => Value): LibraryCall {
  return (_machine, { positional: [value] }) => {
    if (value?.kind === "text") return convert(value.text, value.origin);
    return value?.kind === "boolean" ? value : undefined;
  };
}

/** `ast.literal_eval` of the scalars and of what JSON shares with Python. */
function literalText(written: string, origin: Origin): Value {
  const word = written.trim();
  if (word === "True" || word === "False") return boolean(word === "True", origin);
  if (word === "None") return none(origin);
  if (word.includes("\\") || (word.includes("'") && word.includes('"')))
    return unknownValue("a literal that is not worked out", [origin]);
  return jsonText(word.replaceAll("'", '"'), origin);
}

function parsedUrl(
  _machine: Machine,
  { positional: [value] }: CallArguments,
  { scope, place }: CallSite,
): Value | undefined {
  if (value?.kind !== "text") return undefined;
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(value.text);
  if (match === null) return undefined;
  const [, scheme = "", netloc = "", path = ""] = match;
  const address = netloc.slice(netloc.lastIndexOf("@") + 1);
  const hostname = address.replace(/:\d*$/, "").toLowerCase();
  const members = new Map(
    Object.entries({ scheme: scheme.toLowerCase(), netloc, path, hostname }).map(([name, part]) => [
      name,
      { value: text(part, value.origin), file: scope.file, line: place.line, column: place.column },
    ]),
  );
  return { kind: "instance", members, origin: value.origin };
}
