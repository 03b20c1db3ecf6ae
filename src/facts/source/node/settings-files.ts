import { isSecretName } from "../../../core/secret.ts";
import {
  readValue,
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptNumber,
  scriptText,
} from "../../../parsers/javascript/script-value.ts";
import { readSettingsText, type SettingEntry } from "../../../parsers/javascript/settings-text.ts";
import type { VariableState } from "../../../parsers/python/machine.ts";
import type { EnvironmentRead } from "../../../parsers/python/value.ts";
import type { Framework } from "../../application.fact.ts";
import { environmentLookUp } from "../../source-environment.ts";
import type { SourceSetting } from "../../source-settings.fact.ts";
import { baseName, byDepth, depthOf, isOutsideDeployment } from "../../target-path.ts";
import type { SourceContext } from "../reader.ts";
import { type ScriptRow, scriptRow } from "./row.ts";
import { settingSlug } from "./settings-names.ts";

/** Files of settings that are read, shallow ones first. */
export const SETTINGS_FILES_MAX = 30;
const DEPTH_MAX = 3;
const NAME =
  /^(?:settings|config|configuration|app-?(?:settings|config)|default|production|custom-environment-variables)(?:[._-](?!dev|development|local|test|testing|ci\b)[\w-]+){0,2}\.(?:json5?|jsonc|ya?ml)(?:\.(?:docker|template|example|sample|dist|default))?$/i;
/** `default.json` and `production.json` are node-config's in its directory. */
const IN_DIRECTORY = /^(?:default|production|custom-environment-variables)\b/i;
const YAML = /\.ya?ml(?:\.\w+)?$/i;

/** Settings that a program of Node keeps in files of its own: JSON with comments, YAML. They decide nothing here. */
export async function settingsFileRows(
  context: SourceContext,
  framework: Framework,
): Promise<readonly SourceSetting[]> {
  const rows: SourceSetting[] = [];
  for (const file of settingsFiles(context)) {
    const entries = await entriesOfFile(context, file);
    rows.push(...entries.flatMap((entry) => rowsOf(context, framework, file, entry)));
  }
  return rows;
}

/** What one file says; nothing where it cannot be read. */
export async function entriesOfFile(
  { sources }: SourceContext,
  file: string,
): Promise<readonly SettingEntry[]> {
  const text = await sources.text(file);
  if (text === undefined) return [];
  return YAML.test(file) ? yamlEntries(text) : readSettingsText(text);
}

/** Files of settings near the root, samples among them. */
export function settingsFiles({ tree }: SourceContext): readonly string[] {
  return byDepth(
    tree.files
      .map(({ path }) => path)
      .filter((path) => isSettingsFile(path) && depthOf(path) <= DEPTH_MAX)
      .filter((path) => !isOutsideDeployment(path)),
  ).slice(0, SETTINGS_FILES_MAX);
}

function isSettingsFile(path: string): boolean {
  const name = baseName(path);
  if (!NAME.test(name)) return false;
  return !IN_DIRECTORY.test(name) || /(?:^|\/)config\/[^/]+$/.test(path);
}

/** Loaded where there is such a file: the YAML library takes long to load. */
async function yamlEntries(text: string): Promise<readonly SettingEntry[]> {
  const { readYamlSettings } = await import("./settings-yaml.ts");
  return readYamlSettings(text);
}

function rowsOf(
  context: SourceContext,
  framework: Framework,
  file: string,
  { path, value, line }: SettingEntry,
): readonly SourceSetting[] {
  const slug = settingSlug(framework === "nextjs" ? "next" : framework, path, unset(value));
  const name = path.join(".");
  const told = settingValue(environmentLookUp(context.environment), file, value);
  const isKept = slug === undefined && isFallbackOfSecret(path, value);
  if (slug === undefined && !isKept) return [];
  const row: ScriptRow = {
    slug: slug ?? "secret.fallback",
    framework,
    subject: name,
    // A secret is told by its last name.
    name: isSecretName(path.at(-1) ?? "") || /secret/.test(slug ?? "") ? "secret" : name,
    place: { file, line, column: 1 },
    value: told,
  };
  return [scriptRow(context, row)];
}

/** `${NAME}`, `${NAME:default}`, `${NAME:-default}`, `$(NAME:default)`. */
const VARIABLE = /^\$[{(]([A-Za-z_]\w*)(?::-?([^{}()]*))?[})]$/;

function unset(value: SettingEntry["value"]): SettingEntry["value"] {
  const [, , fallback] = typeof value === "string" ? (VARIABLE.exec(value) ?? []) : [];
  return fallback ?? value;
}

/** A secret that a variable may give, and that is known to everybody where it does not. */
function isFallbackOfSecret(path: readonly string[], value: SettingEntry["value"]): boolean {
  if (typeof value !== "string" || !isSecretName(path.at(-1) ?? "")) return false;
  const fallback = VARIABLE.exec(value)?.[2];
  return fallback !== undefined && !/^(?:|null|undefined|none)$/.test(fallback);
}

/** A value as the program has it: variables in it and what stands in for them. */
export function settingValue(
  lookUp: (name: string) => VariableState,
  file: string,
  value: SettingEntry["value"],
): ScriptValue {
  const isNames = /^custom-environment-variables\b/.test(baseName(file));
  if (typeof value !== "string") return coerced(value, undefined);
  const [, variable = isNames ? value : undefined, fallback] = VARIABLE.exec(value) ?? [];
  if (variable === undefined) return scriptText(value);
  const state = lookUp(variable);
  const read: EnvironmentRead = { variable, state: state.state, fallback };
  if (state.state === "unknown")
    return { kind: "unknown", reason: state.reason, origin: { reads: [read], idiom: "" } };
  return coerced(state.state === "set" ? state.text : (fallback ?? null), read);
}

/** A variable's text as the readers of such files take it: `true`, `null` and numbers for what they say. */
function coerced(value: SettingEntry["value"], read: EnvironmentRead | undefined): ScriptValue {
  const origin = read === undefined ? scriptNone().origin : readValue(read, "").origin;
  if (value === null) return scriptNone(origin);
  if (typeof value === "number") return scriptNumber(value, origin);
  if (typeof value === "boolean") return scriptBoolean(value, origin);
  if (/^(?:true|false)$/.test(value)) return scriptBoolean(value === "true", origin);
  if (/^(?:null|undefined)$/.test(value)) return scriptNone(origin);
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)
    ? scriptNumber(Number(value), origin)
    : scriptText(value, origin);
}
