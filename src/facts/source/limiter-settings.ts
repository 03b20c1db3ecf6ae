import { knownValue } from "../../core/reading.ts";
import type { CallRecord } from "../../parsers/python/machine.ts";
import { originOf, text, unknownValue, type Value } from "../../parsers/python/value.ts";
import { effectiveAssignment } from "../environment-values.fact.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { runApplication } from "./python-application.ts";
import { libraryRow } from "./python-library.ts";
import type { SourceContext } from "./reader.ts";

/** A setting with the place it was read from; the call of the limiter where it has none of its own. */
export interface LimiterSetting {
  readonly value: Value;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Nothing gives it. */
  readonly isDefault?: boolean;
}

/** What a limiter is told besides its arguments: `RATELIMIT_*` of Flask's `config`, or of the environment. */
export interface LimiterSettings {
  get(name: string): LimiterSetting | undefined;
}

/** Flask-Limiter reads the application's `config` (flask_limiter/constants.py, ConfigVars). */
export async function flaskLimiterSettings(context: SourceContext): Promise<LimiterSettings> {
  const sources = (context.application.sources ?? []).filter(
    ({ framework }) => framework === "flask",
  );
  const found = new Map<string, LimiterSetting>();
  for (const { file, entry } of sources) {
    const { machine } = await runApplication(context, entry ?? file, "live");
    for (const config of machine.configs.values())
      for (const [name, setting] of config) if (/^RATELIMIT_/.test(name)) found.set(name, setting);
  }
  return found;
}

/** slowapi reads variables of the same names (slowapi/extension.py, `get_app_config`). */
export function environmentLimiterSettings({ environment }: SourceContext): LimiterSettings {
  const values = knownValue(environment);
  return {
    get(name) {
      const assignment = values === undefined ? undefined : effectiveAssignment(values, name);
      if (assignment === undefined) return undefined;
      const read = { variable: name, state: "set", fallback: undefined } as const;
      return { value: text(assignment.value, { reads: [read], idiom: "" }) };
    },
  };
}

/** The limits of every route: `default_limits`, else those of all routes together, else `config`. */
export function limitsOf(
  { call }: CallRecord,
  settings: LimiterSettings,
): LimiterSetting | undefined {
  const names = ["default_limits", "application_limits"];
  const given = names.map((name) => call.named.get(name)).find((value) => value !== undefined);
  if (given !== undefined) return { value: given };
  return settings.get("RATELIMIT_DEFAULT") ?? settings.get("RATELIMIT_APPLICATION");
}

/** Whether it is switched on, where anything says so, and where it counts. */
export function limiterRows(
  context: SourceContext,
  record: CallRecord,
  settings: LimiterSettings,
): readonly SourceSetting[] {
  const { call, path } = record;
  const name = path.split(".")[0] ?? path;
  const switched =
    settings.get("RATELIMIT_ENABLED") ??
    (call.named.has("enabled") ? { value: call.named.get("enabled") } : undefined);
  const enabled =
    switched?.value === undefined
      ? []
      : [rowAt(context, record, "ratelimit.enabled", name, { ...switched, value: switched.value })];
  const storage = storageOf(call, settings);
  const row = rowAt(context, record, "ratelimit.storage", name, storage);
  return [...enabled, storage.isDefault ? { ...row, line: null, kind: "absent" } : row];
}

const STORAGES = ["RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL"] as const;
/** Where both libraries count that are told nothing. */
const MEMORY = "memory://";

function storageOf(call: CallRecord["call"], settings: LimiterSettings): LimiterSetting {
  const given = call.named.get("storage_uri");
  const setting =
    given === undefined
      ? STORAGES.map((name) => settings.get(name)).find((each) => each !== undefined)
      : { value: given };
  if (setting !== undefined) return { ...setting, value: schemeOf(setting.value) };
  if (call.isOpen) return { value: unknownValue("not all arguments are known") };
  return { value: text(MEMORY), isDefault: true };
}

/** Its scheme alone: the rest may hold a password. */
function schemeOf(value: Value): Value {
  if (value.kind !== "text") return value;
  const scheme = /^[a-z][a-z0-9+.-]{0,30}:\/\//i.exec(value.text)?.[0];
  const origin = originOf(value);
  return scheme === undefined
    ? unknownValue("where it counts is no address", [origin])
    : text(scheme.toLowerCase(), origin);
}

function rowAt(
  context: SourceContext,
  { file, place, path }: CallRecord,
  property: SourceProperty,
  name: string,
  setting: LimiterSetting,
): SourceSetting {
  const row = libraryRow(context, {
    slug: property,
    property,
    name: path,
    value: setting.value,
    file: setting.file ?? file,
    line: setting.line ?? place.line,
    column: setting.column ?? place.column,
  });
  return { ...row, subject: name, callLine: place.line };
}
