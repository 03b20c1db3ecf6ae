import { knownValue, type Reading } from "../core/reading.ts";
import { describeSecret, isSecretName, type SecretMeasure } from "../core/secret.ts";
import { withoutLiterals } from "../parsers/python/machine.ts";
import { type EnvironmentRead, jsonOf, originOf, type Value } from "../parsers/python/value.ts";
import type { AppSetting, Resolved } from "./app-settings.fact.ts";
import { publicText } from "./environment-public.ts";
import {
  type Assignment,
  type EnvironmentValues,
  effectiveAssignment,
} from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { measureSecret } from "./secret-measure.ts";

/** What a setting's report needs besides its value. */
export interface SettingContext {
  readonly environment: Reading<EnvironmentValues>;
  readonly fingerprintKey: string;
}

export interface FoundSetting {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly value: Value;
  /** What the program has when no variable is set. */
  readonly fallback: Value | undefined;
}

const TEXT_LENGTH_MAX = 200;
const LIST_SHOWN_MAX = 12;
const READS_SHOWN_MAX = 4;
const BARE_NAME = /([A-Za-z_-]+)$/;

/** A setting as it is reported: no secret in it, only its measures. */
export function settingOf(context: SettingContext, found: FoundSetting): AppSetting {
  const { name, file, line, column, value, fallback } = found;
  const { reads, idiom } = originOf(value);
  const isSecret = isSecretSetting(name, value, reads);
  const isLiteral = reads.length === 0 && jsonOf(value) !== undefined;
  const resolved = resolvedOf(context, value, reads, isSecret);
  const default_ = fallback === undefined ? undefined : jsonOf(fallback);
  return {
    name,
    file,
    line,
    column,
    kind: kindOf(value, reads),
    ...(isLiteral && !isSecret ? { value: shownValue(jsonOf(value)) } : {}),
    variables: reads.map(({ variable }) => variable),
    ...(reads.length > 0 && !isSecret && default_ !== undefined
      ? { default: shownValue(default_) }
      : {}),
    ...(idiom === "" || isSecret ? {} : { idiom: shownIdiom(idiom, reads) }),
    resolved,
    chain: chainOf(context, found, resolved, reads, isSecret),
  };
}

/** What a secret is compared with is a secret as well. */
function shownIdiom(idiom: string, reads: readonly EnvironmentRead[]): string {
  return reads.some(({ variable }) => isSecretName(variable)) ? withoutLiterals(idiom) : idiom;
}

/** By its name, or because it holds text of a variable that is a secret by its name. */
function isSecretSetting(name: string, value: Value, reads: readonly EnvironmentRead[]): boolean {
  // A switch is none, whatever it is called (`REMOTE_USER_AUTH`).
  if (value.kind === "boolean") return false;
  const bare = BARE_NAME.exec(name)?.[1] ?? name;
  if (isSecretName(bare)) return true;
  const holdsText = value.kind === "text" || value.kind === "list" || value.kind === "dict";
  return holdsText && reads.some(({ variable }) => isSecretName(variable));
}

function kindOf(value: Value, reads: readonly EnvironmentRead[]): AppSetting["kind"] {
  const isScalar = ["text", "number", "boolean", "none", "raises"].includes(value.kind);
  if (reads.length === 0) return jsonOf(value) === undefined ? "computed" : "literal";
  // A variable of which it is not known whether it is set is one all the same.
  const isHidden = value.kind === "unknown" && reads.every(({ state }) => state === "unknown");
  return reads.length === 1 && (isScalar || isHidden) ? "env" : "computed";
}

function resolvedOf(
  context: SettingContext,
  value: Value,
  reads: readonly EnvironmentRead[],
  isSecret: boolean,
): Resolved {
  if (value.kind === "raises") return { state: "raises", reason: value.reason };
  const json = jsonOf(value);
  if (json === undefined) return unknownOf(value, isSecret);
  const from = fromOf(reads);
  if (!isSecret) return { state: "known", value: shownValue(json), from };
  const text = secretText(json);
  if (text === undefined) return { state: "known", value: json === null ? null : [], from };
  const secret = measure(context, text);
  if (value.kind !== "list") return { state: "known", secret, from };
  return { state: "known", secret, secrets: secretsOf(context, value.items), from };
}

function secretsOf(context: SettingContext, items: readonly Value[]) {
  return items.flatMap((item) => {
    const text = secretText(jsonOf(item) ?? null);
    if (text === undefined) return [];
    const isLiteral = originOf(item).reads.every(({ state }) => state === "unset");
    return [{ secret: measure(context, text), isLiteral }];
  });
}

function unknownOf(value: Value, isSecret: boolean): Resolved {
  const reason = reasonOf(value);
  if (value.kind !== "list" || isSecret) return { state: "unknown", reason };
  const partial = value.items.flatMap((item) => {
    const json = jsonOf(item);
    return json === undefined ? [] : [json];
  });
  return { state: "unknown", reason, partial };
}

/** Why a value is not known, innermost reason first. */
function reasonOf(value: Value): string {
  switch (value.kind) {
    case "unknown":
    case "raises":
      return value.reason;
    case "external":
      return value.made === undefined
        ? `${value.path} comes from code that was not read`
        : `the result of ${value.path} is only known at run time`;
    case "list": {
      const open = value.items.find((item) => jsonOf(item) === undefined);
      return open === undefined ? "not all elements are known" : reasonOf(open);
    }
    default:
      return "it is only known at run time";
  }
}

function fromOf(reads: readonly EnvironmentRead[]): "literal" | "env" | "default" | "mixed" {
  if (reads.length === 0) return "literal";
  const set = reads.filter(({ state }) => state === "set").length;
  if (set === reads.length) return "env";
  return set === 0 ? "default" : "mixed";
}

/** The text of a secret; of several the first. `undefined` for none at all. */
function secretText(json: unknown): string | undefined {
  if (typeof json === "string") return json;
  if (Array.isArray(json)) return json.map(secretText).find((text) => text !== undefined);
  if (json === null) return undefined;
  return typeof json === "object" ? JSON.stringify(json) : String(json);
}

function measure({ environment, fingerprintKey }: SettingContext, text: string): SecretMeasure {
  const values = knownValue(environment) ?? { assignments: [] };
  return measureSecret(text, measureOptions(values, fingerprintKey));
}

/** URLs are told without userinfo and query (catalog G6). */
function shownValue(json: unknown): unknown {
  if (typeof json === "string") return withoutCredentials(json);
  if (Array.isArray(json)) return json.map(shownValue);
  return json;
}

function withoutCredentials(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#\s]{0,2000}@/i, "$1")
    .replace(/^([a-z][a-z0-9+.-]{0,30}:\/\/[^?#]{0,2000})\?.*$/i, "$1");
}

/** `DEBUG = True <- DJANGO_DEBUG="1" (.env:3) <- config/settings.py:41`. */
function chainOf(
  context: SettingContext,
  { name, file, line }: FoundSetting,
  resolved: Resolved,
  reads: readonly EnvironmentRead[],
  isSecret: boolean,
): string {
  const steps = reads.slice(0, READS_SHOWN_MAX).map((read) => readText(context, read, isSecret));
  return [`${name} ${outcomeText(resolved)}`, ...steps, `${file}:${line}`].join(" <- ");
}

function outcomeText(resolved: Resolved): string {
  switch (resolved.state) {
    case "raises":
      return "raises";
    case "unknown":
      return "is not known";
    case "known":
      return resolved.secret === undefined
        ? `= ${pythonText(resolved.value)}`
        : `= (${describeSecret(resolved.secret)})`;
  }
}

/** A JSON value as Python writes it. */
function pythonText(json: unknown): string {
  if (json === true) return "True";
  if (json === false) return "False";
  if (json === null || json === undefined) return "None";
  if (!Array.isArray(json)) return short(JSON.stringify(json));
  const shown = json.slice(0, LIST_SHOWN_MAX).map(pythonText);
  return short(`[${shown.join(", ")}${json.length > LIST_SHOWN_MAX ? ", …" : ""}]`);
}

function short(text: string): string {
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
}

function readText(
  context: SettingContext,
  { variable, state, fallback }: EnvironmentRead,
  isSecret: boolean,
): string {
  if (state === "unknown") return `${variable} is not known`;
  const values = knownValue(context.environment);
  const assignment = values === undefined ? undefined : effectiveAssignment(values, variable);
  const isHidden = isSecret || isSecretName(variable);
  if (assignment === undefined || state === "unset") {
    const end = fallback === undefined || isHidden ? "" : `, default ${short(fallback)}`;
    return `${variable} is not set${end}`;
  }
  return `${variable}${shownAssignment(context, assignment, isHidden)} (${placeText(assignment)})`;
}

function shownAssignment(
  context: SettingContext,
  { key: variable, value }: Assignment,
  isHidden: boolean,
): string {
  const text = isHidden ? undefined : publicText(variable, value);
  if (text === undefined) return ` ${describeSecret(measure(context, value))}`;
  return `=${short(JSON.stringify(text))}`;
}

function placeText({ file, line }: Assignment): string {
  return line === undefined ? file : `${file}:${line}`;
}
