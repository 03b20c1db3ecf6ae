import { knownValue } from "../../core/reading.ts";
import { createMachine, runEntry } from "../../parsers/python/interpret.ts";
import type { CallRecord, Machine, VariableState } from "../../parsers/python/machine.ts";
import { boolean, jsonOf, originOf, unknownValue, type Value } from "../../parsers/python/value.ts";
import { measureOptions } from "../measure-options.ts";
import { describeDsn } from "../sentry-dsn.ts";
import { emptyEnvironment, environmentLookUp, openEnvironment } from "../source-environment.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { type LibraryFinding, libraryRow, rowsOfFiles } from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE = /sentry_sdk|SENTRY_/;
/** Modules in which what Sentry is set up with may stand. */
const VALUES = /environ|getenv|SENTRY|BaseSettings/;
const MANIFEST =
  /(?:^|\/)(?:requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|package\.json)$/;
const DEPENDENCY = /(?:^|["'\s])(?:sentry-sdk\b|@sentry\/[\w-]+)/m;
const MANIFEST_DEPTH_MAX = 3;

/** Arguments of `sentry_sdk.init` (Sentry Python SDK, "Options") and what they decide. */
const ARGUMENTS: Readonly<Record<string, readonly [slug: string, property: SourceProperty]>> = {
  dsn: ["sentry.dsn", "sentry.dsn"],
  environment: ["sentry.environment", "sentry.environment"],
  release: ["sentry.release", "sentry.release"],
  traces_sample_rate: ["sentry.traces_rate", "sentry.traces-rate"],
  traces_sampler: ["sentry.traces_sampler", "sentry.traces-rate"],
  profiles_sample_rate: ["sentry.profiles_rate", "sentry.profiles-rate"],
  send_default_pii: ["sentry.send_default_pii", "sentry.send-default-pii"],
  before_send: ["sentry.before_send", "sentry.scrubber"],
  event_scrubber: ["sentry.event_scrubber", "sentry.scrubber"],
};

/** Those whose absence is judged. */
const OPEN_ARGUMENTS = [
  ...["dsn", "environment", "release"],
  ...["traces_sample_rate", "profiles_sample_rate"],
] as const;

/** Names in source that hold one variable's value, by the variable's or their own ending. */
const NAMES: readonly (readonly [RegExp, string, SourceProperty])[] = [
  [/SENTRY_ENABLED?$|ENABLE_SENTRY$/, "sentry.enabled", "sentry.enabled"],
  [/SENTRY_DSN$/, "sentry.dsn", "sentry.dsn"],
  [/SENTRY_ENV(?:IRONMENT)?$/, "sentry.environment", "sentry.environment"],
  [/SENTRY_RELEASE$/, "sentry.release", "sentry.release"],
  [/SENTRY_TRACES_(?:SAMPLE_)?RATE$/, "sentry.traces_rate", "sentry.traces-rate"],
  [/SENTRY_PROFILES_(?:SAMPLE_)?RATE$/, "sentry.profiles_rate", "sentry.profiles-rate"],
  [/SENTRY_SEND_(?:DEFAULT_)?PII$/, "sentry.send_default_pii", "sentry.send-default-pii"],
];
const SWITCH = /SENTRY_ENABLED?$|ENABLE_SENTRY$/i;

/** Where Python hands errors to Sentry, with what, and whether it does so here. */
export const sentryReader: SourceReader = {
  frameworks: "any",
  needles: [NEEDLE],
  async read(context): Promise<readonly SourceSetting[]> {
    const rows = await rowsOfFiles(context, NEEDLE, ofFile);
    if (rows.some(({ slug }) => slug === "sentry.init")) return rows;
    const sdk = await dependency(context);
    return [...rows, ...sdk, ...(sdk.length > 0 ? [] : absentRow(context))];
  },
};

/** Nothing of the application's hands errors to Sentry: told where it would stand. */
function absentRow({ application }: SourceContext): readonly SourceSetting[] {
  const file = application.settings?.file ?? application.sources?.[0]?.file;
  const framework = application.frameworks[0]?.framework;
  if (file === undefined || framework === undefined) return [];
  return [
    {
      framework,
      ...{ slug: "sentry.init", file, line: null, kind: "absent", value: "none", variables: [] },
      resolved: { state: "known", value: false, from: "default" },
      chain: `sentry_sdk.init is called nowhere <- ${file}`,
    },
  ];
}

async function ofFile(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const within = await context.python.loadClosure(file, { text: VALUES });
  const asked = new Set<string>();
  const lookUp = environmentLookUp(context.environment);
  const run = (variable: (name: string) => VariableState): Machine => {
    const machine = createMachine(context.python.under(variable, { within }), file);
    runEntry(machine, file);
    return machine;
  };
  const live = run((name) => {
    if (SWITCH.test(name)) asked.add(name);
    return lookUp(name);
  });
  const open = run(openEnvironment);
  const defaults = run(emptyEnvironment);
  const running = new Map(initsOf(live, file).map((init) => [init.place.line, init]));
  const fallbacks = new Map(initsOf(defaults, file).map((init) => [init.place.line, init]));
  const sites = initsOf(open, file);
  return [
    ...boundNames(context, live, defaults, file),
    ...sites.flatMap((site) => {
      const called = running.get(site.place.line);
      return [
        siteRow(site, called !== undefined, [...asked]),
        ...argumentRows(context, called ?? site, fallbacks.get(site.place.line)),
        ...absentArguments(site),
      ];
    }),
  ];
}

function initsOf({ calls }: Machine, file: string): readonly CallRecord[] {
  const inits = calls.filter((call) => call.path === "sentry_sdk.init" && call.file === file);
  return [...new Map(inits.map((init) => [init.place.line, init])).values()];
}

function siteRow(
  { file, place, call }: CallRecord,
  isCalled: boolean,
  variables: readonly string[],
): SourceSetting {
  const says = isCalled ? "is called" : "is not called in this environment";
  return {
    slug: "sentry.init",
    property: "sentry.enabled",
    file,
    line: place.line,
    column: place.column,
    kind: variables.length === 0 ? "literal" : "env",
    value: [...call.named.keys()].slice(0, 12).join(", "),
    variables,
    resolved: { state: "known", value: isCalled, from: variables.length === 0 ? "literal" : "env" },
    chain: `sentry_sdk.init ${says} <- ${file}:${place.line}`,
    ...(call.isOpen ? { condition: "not all of its arguments are known" } : {}),
  };
}

function argumentRows(
  context: SourceContext,
  record: CallRecord,
  unset: CallRecord | undefined,
): readonly SourceSetting[] {
  return [...namedArguments(record), ...openArguments(record)].flatMap(([name, value]) => {
    const known = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
    if (known === undefined) return [];
    const [slug, property] = known;
    const given = property === "sentry.scrubber" ? boolean(value.kind !== "none") : value;
    const fallback = unset === undefined ? undefined : namedArguments(unset).get(name);
    const { file, place } = record;
    const { line, column } = record.call.places?.get(name) ?? place;
    const found = { slug, property, name, value: given, fallback, file, line, column };
    return [{ ...rowOf(context, found), callLine: place.line }];
  });
}

/** Options that say nothing where they are not given. */
const EXPECTED = ["environment", "release", "send_default_pii", "before_send"] as const;

/** What a call leaves to the SDK: listed, and judged by what is given. */
function absentArguments(record: CallRecord): readonly SourceSetting[] {
  if (record.call.isOpen) return [];
  const given = namedArguments(record);
  const { file, place } = record;
  return EXPECTED.filter((name) => !given.has(name)).map((name) => ({
    ...{ slug: `sentry.${name}`, file, line: null, callLine: place.line, kind: "absent" as const },
    ...{ value: "none", variables: [] },
    resolved: { state: "known" as const, value: null, from: "default" as const },
    chain: `${name} is not given <- ${file}:${place.line}`,
  }));
}

/** What a spread of arguments that are not known may hold. */
function openArguments(record: CallRecord): readonly (readonly [string, Value])[] {
  if (!record.call.isOpen) return [];
  const given = namedArguments(record);
  const value = unknownValue("not all arguments of sentry_sdk.init are known");
  return OPEN_ARGUMENTS.filter((name) => !given.has(name)).map((name) => [name, value] as const);
}

/** The first positional argument is the DSN. */
function namedArguments({ call }: CallRecord): ReadonlyMap<string, Value> {
  const [dsn] = call.positional;
  return dsn === undefined ? call.named : new Map([["dsn", dsn], ...call.named]);
}

function boundNames(
  context: SourceContext,
  live: Machine,
  defaults: Machine,
  file: string,
): readonly SourceSetting[] {
  const scope = live.modules.get(file);
  const empty = defaults.modules.get(file);
  if (scope === undefined || scope === "loading") return [];
  const fallbacks = empty === undefined || empty === "loading" ? undefined : empty.bindings;
  return [...scope.bindings].flatMap(([name, { value, file: at, line, column }]) => {
    const { reads } = originOf(value);
    if (at !== file || reads.length !== 1) return [];
    const words = [name, reads[0]?.variable ?? ""];
    const found = NAMES.find(([pattern]) => words.some((word) => pattern.test(word.toUpperCase())));
    if (found === undefined) return [];
    const [, slug, property] = found;
    const fallback = fallbacks?.get(name)?.value;
    return [rowOf(context, { slug, property, name, value, fallback, file, line, column })];
  });
}

function rowOf(context: SourceContext, found: LibraryFinding): SourceSetting {
  const row = libraryRow(context, found);
  const { variables, resolved } = row;
  const dsn = found.property === "sentry.dsn" ? dsnOf(context, found.value) : undefined;
  const from = variables.length === 0 ? "literal" : "env";
  return {
    ...row,
    value: shownValue(resolved),
    resolved: dsn === undefined ? resolved : { state: "known", value: dsn, from },
  };
}

function shownValue(resolved: SourceSetting["resolved"]): string {
  if (resolved.state !== "known") return resolved.reason;
  return resolved.value === undefined ? "a secret" : JSON.stringify(resolved.value);
}

/** A DSN without its key; `undefined` where the value is not known. */
export function dsnOf({ environment, setting }: SourceContext, value: Value) {
  const json = jsonOf(value);
  if (json === null) return null;
  if (typeof json !== "string") return undefined;
  const values = knownValue(environment) ?? { assignments: [] };
  return describeDsn(json, measureOptions(values, setting.fingerprintKey));
}

/** The SDK among the dependencies, where no call of it was found. */
async function dependency({ tree, sources }: SourceContext): Promise<readonly SourceSetting[]> {
  const manifests = tree.files
    .map(({ path }) => path)
    .filter((path) => MANIFEST.test(path) && path.split("/").length <= MANIFEST_DEPTH_MAX);
  for (const file of manifests) {
    const text = (await sources.text(file)) ?? "";
    const lines = text.split("\n");
    const at = lines.findIndex((line) => !/^\s*(?:#|\/\/)/.test(line) && DEPENDENCY.test(line));
    if (at === -1) continue;
    const excerpt = (lines[at] ?? "").trim().slice(0, 80);
    return [
      {
        slug: "sentry.sdk",
        file,
        line: at + 1,
        kind: "literal",
        value: excerpt,
        variables: [],
        resolved: { state: "known", value: true, from: "literal" },
        chain: `${excerpt} <- ${file}:${at + 1}`,
      },
    ];
  }
  return [];
}
